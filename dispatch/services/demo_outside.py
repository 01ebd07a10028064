"""Make up the help from outside, the rules of intake and the need without a request of a demonstration.

All of it is invented; numbers with 000 after the area code belong to nobody.
"""

from datetime import timedelta
from typing import Any

from dispatch.domain.intake_rules import Verdict
from dispatch.domain.needs import Origin
from dispatch.domain.providers import ProviderKind
from dispatch.models import IntakeRule, Provider, ProviderLanguage, UnaskedNeed
from dispatch.reference import places
from dispatch.services.demo_scene import Scene

_PROVIDERS: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    (
        {
            "name": "Sprachmittlungspool Elbland (Beispiel)", "kind": ProviderKind.NEIGHBOURING_POOL,
            "phone": "+493525000180", "email": "pool@elbland.example", "hours": "Mo bis Do, 9 bis 15 Uhr",
            "hint": "Hilft kostenlos aus, wenn wir es auch tun. Nach Frau Beispiel fragen.",
        },
        ("so", "ti", "am", "om"),
    ),
    (
        {
            "name": "Telefondolmetschen rund um die Uhr (Beispiel)", "kind": ProviderKind.PHONE_SERVICE,
            "phone": "+4930000001", "url": "https://telefon.example/", "hours": "Tag und Nacht",
            "hint": "Kundennummer steht im Ordner „Verträge“. Abrechnung je Minute.",
        },
        (),
    ),
    (
        {
            "name": "Agentur Wortwechsel (Beispiel)", "kind": ProviderKind.AGENCY, "phone": "+493510000090",
            "email": "anfragen@wortwechsel.example", "hours": "Mo bis Fr, 8 bis 18 Uhr",
            "hint": "Vereidigte Personen; Angebot vorher einholen.",
        },
        ("vi", "zh", "ka", "hy", "mn"),
    ),
)  # fmt: skip
_RULES: tuple[tuple[str, str, Verdict, str, str | None], ...] = (
    (
        "written_translation", "school", Verdict.REFUSE,
        "Schriftliche Übersetzungen für Schulen beauftragt das Landesamt für Schule und Bildung.",
        "Bitte wenden Sie sich an Ihre Schulleitung.",
    ),
    ("event", "employer", Verdict.REVIEW, "Betriebliche Veranstaltungen sehen wir uns vorher an.", None),
)  # fmt: skip
_NEEDS: tuple[tuple[int, str, str | None, str | None, int | None, str], ...] = (
    (2, "so", "doctor", "practice", 30, "ein Kind hat gedolmetscht"),
    (5, "ti", "jobcenter", "jobcenter", 45, "wusste nicht, dass es uns gibt"),
    (9, "kmr", "kita_talk", "daycare", None, "mit Händen und Füßen verständigt"),
    (16, "und", None, None, None, "am Telefon aufgelegt"),
)


def make(scene: Scene) -> None:
    """Add three providers, two rules and a few lines of need; none of it depends on chance."""
    for values, codes in _PROVIDERS:
        created_at = scene.now - timedelta(days=200)
        number = scene.rows.add(Provider, values | {"kind": values["kind"].value, "created_at": created_at})
        for code in codes:
            scene.rows.add(ProviderLanguage, {"provider_id": number, "code": code})
    for setting, kind, verdict, text, alternative in _RULES:
        row = {"setting": setting, "organisation_kind": kind, "verdict": verdict.value}
        scene.rows.add(IntakeRule, row | {"text": text, "alternative": alternative})
    towns = places.municipalities()
    for days, language, field, asker, minutes, why in _NEEDS:
        need = {
            "origin": Origin.NOTED.value, "needed_on": scene.today - timedelta(days=days), "language": language,
            "setting": field, "organisation_kind": asker, "minutes": minutes, "why": why,
            "municipality": towns[days % len(towns)].ags, "noted_at": scene.now - timedelta(days=days),
        }  # fmt: skip
        scene.rows.add(UnaskedNeed, need)
