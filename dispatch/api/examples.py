"""Bodies that programs may begin with; the description shows them."""

REQUEST = {
    "languages": ["prs", "fa"],
    "setting": "parent_talk",
    "mode": "on_site",
    "starts_at": "2026-12-08T10:00:00+01:00",
    "ends_at": "2026-12-08T11:00:00+01:00",
    "place": {"municipality": "14627140", "address": "Rosa-Luxemburg-Straße 5"},
    "contact": {"name": "Frau Krause", "phone": "+49352100014"},
    "consent": "known",
}
MEDIATOR = {
    "name": "Shirin Rahmani",
    "email": "shirin.rahmani@example.org",
    "home": {"municipality": "14627230"},
    "languages": [{"code": "prs", "level": "native"}, {"code": "fa", "level": "C1"}],
    "german_level": "C1",
    "modes": ["on_site", "phone"],
    "transport": "public",
}
TIMES = {
    "weekly": [{"weekday": 0, "start": "09:00", "end": "13:00"}],
    "absences": [{"starts_at": "2026-12-21T00:00:00+01:00", "ends_at": "2027-01-04T00:00:00+01:00"}],
}
ORGANISATION = {
    "name": "Grundschule am Markt",
    "kind": "school",
    "home": {"municipality": "14627140"},
    "address": "Markt 1",
}
MOVE = {"starts_at": "2026-12-09T10:00:00+01:00", "ends_at": "2026-12-09T11:00:00+01:00"}
