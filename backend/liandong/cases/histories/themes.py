"""What a random history dwells on: its plan, its treasury, and how often each step comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LOW_TIERS = {"bronze_directs": 1, "silver_team": 2, "gold_team": 3, "diamond_team": 4}
"""Conditions that a handful of agents can meet."""

EVERYDAY = {
    "register": 1,
    "join": 4,
    "order": 26,
    "deliver": 12,
    "settle": 14,
    "void": 3,
    "refund": 9,
    "open_campaign": 3,
    "pay_balance": 2,
    "hold": 2,
    "release": 1,
    "freeze": 2,
    "unfreeze": 2,
    "certify": 2,
    "protect_region": 2,
    "release_region": 1,
    "fund": 1,
    "deposit": 1,
    "release_deposit": 2,
    "slash": 1,
    "compensate": 1,
    "insurance_claim": 3,
    "close_month": 2,
    "close_year": 1,
    "claim_support": 3,
    "claim_dividend": 2,
    "withdraw": 4,
    "advance": 16,
    "publish_plan": 1,
}
"""Weights of the steps in a history of no special theme."""


@dataclass(frozen=True)
class Theme:
    """``plan`` is written as in case files, ``treasury`` a range.

    ``far``: time moves by months and years. ``dry``: now and then all that can be withdrawn is. ``more`` are
    weights that differ from everyday's.
    """

    plan: Mapping[str, Any]
    treasury: tuple[int, int] = (10**7, 10**12)
    channels: tuple[str, ...] = ("retail", "campaign", "store", "cross_border")
    far: bool = False
    dry: bool = False
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def weights(self) -> dict[str, int]:
        """How often each step comes, against all others."""
        return {**EVERYDAY, **self.more}


THEMES: Mapping[str, Theme] = {
    "everyday": Theme({"base": "seed", **LOW_TIERS}),
    "people": Theme(
        {"base": "seed", **LOW_TIERS, "activity_price": 1},
        more={"join": 16, "freeze": 4, "unfreeze": 3, "protect_region": 5, "release_region": 2},
    ),
    "campaigns": Theme(
        {"base": "seed", **LOW_TIERS, "return_days": 8},
        channels=("campaign", "campaign", "campaign", "retail"),
        more={"open_campaign": 8, "pay_balance": 8, "void": 8, "hold": 4},
    ),
    "cross-border": Theme(
        {"base": "seed", **LOW_TIERS, "holdback_bps": 3000, "deposit_lock_days": 12},
        channels=("cross_border", "cross_border", "cross_border", "retail"),
        more={"certify": 4, "insurance_claim": 12, "deposit": 4, "release_deposit": 8, "slash": 5,
              "compensate": 6, "withdraw": 7, "refund": 12},
    ),
    "pools": Theme(
        {"base": "seed", **LOW_TIERS, "dividend_bps": 3000, "dividend_share_cap_bps": 4000},
        more={"close_month": 12, "claim_support": 14, "refund": 12},
    ),
    "years": Theme(
        {"base": "seed", "bronze_directs": 1, "silver_team": 1, "gold_team": 1, "diamond_team": 1,
         "dividend_bps": 3000, "dividend_share_cap_bps": 4000, "refund_days": 2000},
        far=True,
        more={"close_year": 16, "claim_dividend": 20, "refund": 14, "order": 40},
    ),
    "short of money": Theme(
        {"base": "strict", **LOW_TIERS, "return_days": 7, "tier_bps": [1111, 2222, 3333, 4444, 4999]},
        treasury=(0, 300_000),
        dry=True,
        more={"withdraw": 16, "refund": 18, "fund": 4, "deposit": 3, "order": 20},
    ),
    "generous": Theme(
        {"base": "case", **LOW_TIERS, "cap_bps": 2600, "region_bps": 2500, "host_bps": 10000, "guide_bps": 0},
        more={"publish_plan": 4, "protect_region": 6},
    ),
    "the seed itself": Theme({"base": "seed"}),
}  # fmt: skip
"""All themes by name."""
