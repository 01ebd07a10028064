"""Name what belongs to help from outside and to need without a request."""

from enum import Enum

from dispatch.domain.intake_rules import Verdict
from dispatch.domain.needs import Origin
from dispatch.domain.providers import ProviderKind
from dispatch.domain.referrals import ReferralChannel, ReferralState
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_pgettext as _p

OUTSIDE_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    Verdict: {
        Verdict.ALLOW: _p("rule", "is taken"),
        Verdict.REVIEW: _p("rule", "is looked at first"),
        Verdict.REFUSE: _p("rule", "is not taken"),
    },
    Origin: {
        Origin.REFUSED: _p("need", "refused at the form"),
        Origin.NOTED: _p("need", "noted"),
    },
    ProviderKind: {
        ProviderKind.NEIGHBOURING_POOL: _p("provider", "Neighbouring pool"),
        ProviderKind.PHONE_SERVICE: _p("provider", "Telephone service"),
        ProviderKind.VIDEO_SERVICE: _p("provider", "Video service"),
        ProviderKind.AGENCY: _p("provider", "Agency"),
    },
    ReferralState: {
        ReferralState.ASKED: _p("referral", "asked"),
        ReferralState.AGREED: _p("referral", "has agreed"),
        ReferralState.DECLINED: _p("referral", "cannot help"),
        ReferralState.WITHDRAWN: _p("referral", "withdrawn"),
        ReferralState.FULFILLED: _p("referral", "has interpreted"),
    },
    ReferralChannel: {
        ReferralChannel.MAIL: _p("referral", "by e-mail"),
        ReferralChannel.PHONE: _p("referral", "by telephone"),
    },
}
