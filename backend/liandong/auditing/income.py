"""Which events pay agents for what they sold themselves, and which for what others sold (rules § 3)."""

from __future__ import annotations

OWN_SALES = ("DirectPaid", "GuidePaid", "ServicePaid")
"""Events that pay an agent for what it sold itself."""

OTHERS_SALES = ("TeamPaid", "RegionPaid", "HostPaid", "SupportClaimed", "DividendClaimed")
"""Events that pay an agent for what others sold, in all or in part."""

INCOME = (*OWN_SALES, *OTHERS_SALES)
