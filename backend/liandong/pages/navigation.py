"""What the bars of each area of the pages lead to: (address, name of the text, icon)."""

from __future__ import annotations

from collections.abc import Mapping

AREAS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "public": (),
    "agent": (
        ("/app/earnings", "layout.nav_earnings", "chart"),
        ("/app/payouts", "layout.nav_payouts", "list"),
        ("/app/team", "layout.nav_team", "people"),
        ("/app/claims", "layout.nav_claims", "gift"),
        ("/app/card", "layout.nav_card", "card"),
    ),
    "partner": (
        ("/app/earnings", "layout.nav_earnings", "chart"),
        ("/app/payouts", "layout.nav_payouts", "list"),
        ("/app/withdraw", "layout.nav_withdraw", "wallet"),
    ),
    "brand": (
        ("/app/brand/overview", "brand.nav_overview", "chart"),
        ("/app/audit/records", "brand.nav_orders", "search"),
        ("/app/brand/plans", "plans.nav", "scales"),
        ("/app/brand/campaigns", "campaigns.nav", "people"),
        ("/app/brand/lanes", "brand.nav_lanes", "list"),
        ("/app/brand/webhooks", "webhooks.nav", "out"),
        ("/app/audit/books", "audit.nav_books", "shield"),
    ),
    "planner": (
        ("/app/brand/plans", "plans.nav", "scales"),
        ("/app/brand/overview", "brand.nav_overview", "chart"),
        ("/app/audit/records", "brand.nav_orders", "search"),
        ("/app/audit/books", "audit.nav_books", "shield"),
    ),
    "audit": (
        ("/app/audit/books", "audit.nav_books", "chart"),
        ("/app/audit/replays", "audit.nav_replays", "clock"),
        ("/app/audit/records", "audit.nav_records", "search"),
        ("/app/audit/governance", "audit.nav_governance", "list"),
        ("/app/audit/compliance", "audit.nav_compliance", "people"),
    ),
}
