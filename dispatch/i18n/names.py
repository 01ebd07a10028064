"""Name languages in the reader's language.

Names of this table come first: CLDR lacks some (prs, kmr, gsg, aii, apc, ary), and some of its names are wrong here
(ku as a whole, "Zentralkurdisch") or hurtful (rom in Arabic). Then come the German and English names of
`data/languages.csv`, then CLDR.
"""

from collections.abc import Mapping

import babel

from dispatch.i18n.locales import Locale
from dispatch.reference import languages

OWN: Mapping[str, Mapping[str, str]] = {
    "de": {
        "aii": "Assyrisch-Neuaramäisch",
        "apc": "Arabisch (Levante)",
        "ary": "Arabisch (Marokko)",
        "arz": "Arabisch (Ägypten)",
        "ckb": "Sorani",
        "fa": "Persisch (Farsi)",
        "gsg": "Deutsche Gebärdensprache (DGS)",
        "kmr": "Kurmandschi",
        "mis": "andere Sprache",
        "mnk": "Mandinka",
        "prs": "Dari",
        "rom": "Romanes",
        "sgn": "Gebärdensprache",
        "und": "Sprache noch unbekannt",
        "zza": "Zazaki",
    },
    "en": {
        "aii": "Assyrian Neo-Aramaic",
        "apc": "Arabic (Levantine)",
        "ary": "Arabic (Moroccan)",
        "arz": "Arabic (Egyptian)",
        "ckb": "Sorani",
        "fa": "Persian (Farsi)",
        "gsg": "German Sign Language (DGS)",
        "kmr": "Kurmanji",
        "mis": "another language",
        "mnk": "Mandinka",
        "prs": "Dari",
        "rom": "Romani",
        "sgn": "sign language",
        "und": "language not known yet",
        "zza": "Zazaki",
    },
    "ar": {
        "aii": "الآرامية الآشورية الحديثة",
        "apc": "العربية (لهجة بلاد الشام)",
        "ary": "العربية (اللهجة المغربية)",
        "arz": "العربية (اللهجة المصرية)",
        "ckb": "الكردية (السورانية)",
        "fa": "الفارسية",
        "gsg": "لغة الإشارة الألمانية",
        "kmr": "الكردية (الكرمانجية)",
        "mis": "لغة أخرى",
        "mnk": "الماندينكا",
        "prs": "الدرية",
        "rom": "لغة الروما",
        "sgn": "لغة الإشارة",
        "und": "لغة غير معروفة بعد",
        "zza": "الزازاكية",
    },
}


def language_name(code: str, locale: Locale) -> str:
    """Return the name of a language; a code that nobody knows is returned as it is."""
    own = OWN.get(locale.tag, {}).get(code)
    return own or _reference_name(code, locale) or babel.Locale.parse(locale.cldr).languages.get(code) or code


def own_name(code: str) -> str:
    """Return what its speakers call a language; empty if that is not known."""
    language = languages.find_language(code)
    return language.autonym if language else ""


def _reference_name(code: str, locale: Locale) -> str | None:
    language = languages.find_language(code)
    if language is None:
        return None
    return {"de": language.name_de, "en": language.name_en}.get(locale.tag)
