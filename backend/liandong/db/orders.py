"""Orders, batches, campaigns and plan versions, as the events leave them (rules §§ 2, 3, 4)."""

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint, key

OPEN = "state = 'recorded'"
OF_CAMPAIGNS = "campaign != 0"


class SalesOrder(SQLModel, table=True):
    """An order: its terms as they were fixed for good, and its state. Amounts in minor units, days since
    deployment, 0 for nobody. ``partner`` is a campaign's host, a store, or a retail order's region holder."""

    __tablename__ = "sales_order"
    __table_args__ = (
        Index("ix_sales_order_open", "delivered_on", "number",
              sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_sales_order_campaign", "campaign", "number",
              sqlite_where=text(OF_CAMPAIGNS), postgresql_where=text(OF_CAMPAIGNS)),
    )  # fmt: skip
    number: int = key()
    batch_first: int = bigint(description="the first order of its batch")
    channel: int = Field(description="0 retail, 1 campaign, 2 store, 3 cross-border")
    price: int = bigint()
    cost: int = bigint()
    fees: int = bigint()
    duty: int = bigint()
    insurance: int = bigint()
    seller: int = bigint(index=True)
    supplier: int = bigint()
    partner: int = bigint()
    campaign: int = bigint()
    leader: int = bigint()
    rate_bps: int
    plan: int
    day: int = Field(description="day of recording")
    refunded: int = bigint(default=0)
    state: str = Field(
        default="recorded", description="recorded, settled, refunded (in full before that), void"
    )
    delivered_on: int | None = None
    settled_on: int | None = None
    settled_block: int | None = bigint(default=None)
    balance_paid: bool = False
    held: bool = False
    first_held_on: int | None = None
    compensated: int = bigint(default=0)
    insurance_claimed: bool = False
    recorded_block: int = bigint()


class OrderBatch(SQLModel, table=True):
    """A batch: which orders, and the root that was told when it was recorded (refunds change it on chain)."""

    __tablename__ = "order_batch"
    first: int = key()
    width: int
    plan: int
    day: int
    recorded_root: str
    block_number: int = bigint()


class Campaign(SQLModel, table=True):
    """A group buy or a live presale; ``recorded`` counts its orders."""

    __tablename__ = "campaign"
    number: int = key()
    kind: str = Field(description="group or presale")
    target: int = bigint()
    deadline: int = Field(description="the last day on which it is open")
    recorded: int = bigint(default=0)


class PlanVersion(SQLModel, table=True):
    """A plan version; ``parameters`` is JSON by the rules' names."""

    __tablename__ = "plan_version"
    version: int = key()
    parameters: str = Field(sa_type=Text)
    day: int
    block_number: int = bigint()
