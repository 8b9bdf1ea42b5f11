"""What events about people, money, pools, roles and plans do to a replay (rules §§ 1, 2, 4, 5)."""

from __future__ import annotations

from liandong.audit.replay import ClosedEpoch, Handler, Replay, name_of
from liandong.chain.plan_parameters import plan_of
from liandong.mirror.events import Decoded
from liandong.rules.campaigns import CampaignKind
from liandong.rules.people import Kind
from liandong.rules.state import Ledger

# --- people, regions, roles, plans (rules §§ 1, 2)


def _enter(r: Replay, number: int, kind: str, wallet: int) -> None:
    r.require("number of the next participant", 16 + len(r.kinds), number)
    address = f"0x{wallet:040x}"
    r.kinds[number], r.joined[number] = kind, (r.today, r.block)
    r.wallets[address], r.wallet_of[number] = number, address
    r.touched.wallets.add(address)


def _joined(r: Replay, e: Decoded) -> None:
    agent, introducer, leader, wallet, region = e.values
    r.state.join(str(agent), region, str(introducer) if introducer else None)
    r.require(f"leader of agent {agent}", int(r.state.people.agent(str(agent)).leader or 0), leader)
    _enter(r, agent, "agent", wallet)


def _registered(kind: str) -> Handler:
    def handle(r: Replay, e: Decoded) -> None:
        number, wallet = e.values
        r.state.register(str(number), Kind(kind))
        _enter(r, number, kind, wallet)

    return handle


def _moved(r: Replay, e: Decoded) -> None:
    number, previous, wallet = e.values
    r.require(f"wallet of {number}", r.wallet_of.get(number), f"0x{previous:040x}")
    address = f"0x{wallet:040x}"
    r.wallets[address], r.wallet_of[number] = number, address
    r.touched.wallets.add(address)


def _activity(field_: str, at: int = 1) -> Handler:
    def handle(r: Replay, e: Decoded) -> None:
        r.told.activity.setdefault(str(e.values[0]), {})[field_] = e.values[at]

    return handle


def _activated(r: Replay, e: Decoded) -> None:
    agent, order = e.values
    r.told.activity.setdefault(str(agent), {})["active"] = True
    r.told.places.setdefault(order, e.log_index)


def _progress(r: Replay, e: Decoded) -> None:
    agent, directs, team = e.values
    r.told.activity.setdefault(str(agent), {}).update(active_directs=directs, team_active=team)


def _boss(r: Replay, e: Decoded) -> None:
    r.told.activity.setdefault(str(e.values[0]), {})["is_boss"] = True


def _certified(r: Replay, e: Decoded) -> None:
    r.state.certify(str(e.values[0]), bool(e.values[1]))


def _frozen(r: Replay, e: Decoded) -> None:
    r.state.freeze(str(e.values[0]))


def _unfrozen(r: Replay, e: Decoded) -> None:
    r.state.unfreeze(str(e.values[0]))


def _protected(r: Replay, e: Decoded) -> None:
    r.state.protect_region(e.values[0], str(e.values[1]))
    r.touched.regions.add(e.values[0])
    r.regions[e.values[0]] = e.values[1]


def _unprotected(r: Replay, e: Decoded) -> None:
    r.state.release_region(e.values[0])
    r.touched.regions.add(e.values[0])
    r.regions[e.values[0]] = 0


def _roles(r: Replay, e: Decoded) -> None:
    address = f"0x{e.values[0]:040x}"
    r.roles[address] = e.values[1]
    r.touched.roles.add(address)


def _paused(r: Replay, e: Decoded) -> None:
    r.paused = e.values[1]


def _plan(r: Replay, e: Decoded) -> None:
    told = e.decoder.read(e.log)
    plan = plan_of(told["plan"])
    if r.ledger is None:
        r.ledger = Ledger(plan)
    else:
        r.ledger.publish_plan(plan)
    r.version += 1
    r.require("number of the next plan version", r.version, told["version"])
    r.plans[r.version] = (plan, r.today, r.block)
    r.touched.plans.add(r.version)


# --- money and pools (rules §§ 4, 5)


def _funded(r: Replay, e: Decoded) -> None:
    r.state.fund(e.values[1])


def _withdrawn(r: Replay, e: Decoded) -> None:
    account, to, amount = e.values
    r.state.withdraw(name_of(account), amount)
    if account in r.wallet_of:
        r.require(f"wallet of {account}", r.wallet_of[account], f"0x{to:040x}")


def _deposited(r: Replay, e: Decoded) -> None:
    agent, amount, repaid = e.values
    debt = r.state.books.accounts[str(agent)].debt if str(agent) in r.state.books.accounts else 0
    r.state.deposit(str(agent), amount)
    r.require(f"debt that deposit of {agent} repaid", min(debt, amount), repaid)


def _released(r: Replay, e: Decoded) -> None:
    r.state.release_deposit(str(e.values[0]), e.values[2])


def _slashed(r: Replay, e: Decoded) -> None:
    r.state.slash(str(e.values[0]), e.values[2])
    r.touched.accounts.add(5)


def _closed(pool: str) -> Handler:
    def handle(r: Replay, e: Decoded) -> None:
        epoch, gathered, weight, carried, *cap = e.values
        before = r.pool(pool).closed
        left = before.left if before else 0
        if pool == "support":
            r.state.close_month(epoch)
        else:
            r.state.close_year(epoch)
            r.require(f"cap of year {epoch}", r.state.plan.dividend_share_cap_bps, cap[0])
        closed = r.pool(pool).closed
        assert closed is not None
        r.require(f"pool of {pool} {epoch}", closed.pool, gathered)
        r.require(f"weight of {pool} {epoch}", closed.all_weights, weight)
        r.require(f"carried into {pool} {epoch}", left, carried)
        r.closed[pool][epoch] = ClosedEpoch(
            gathered, weight, carried, cap[0] if cap else 0, r.today, dict(closed.weights)
        )
        r.clocks[pool] = [epoch + 1, r.today]

    return handle


def _claimed(pool: str) -> Handler:
    def handle(r: Replay, e: Decoded) -> None:
        epoch, agent, amount, weight = e.values
        closed = r.pool(pool).closed
        left = closed.left if closed else 0
        if pool == "support":
            r.state.claim_support(str(agent), epoch)
        else:
            r.state.claim_dividend(str(agent), epoch)
        assert closed is not None
        r.require(f"claim of {agent} on {pool} {epoch}", left - closed.left, amount)
        r.require(f"weight of {agent} in {pool} {epoch}", closed.weights[str(agent)], weight)
        r.closed[pool][epoch].claims[str(agent)] = amount

    return handle


def _nothing(_: Replay, __: Decoded) -> None:
    """Follows from other events, and is compared with the state they come to."""


def _group(r: Replay, e: Decoded) -> None:
    number, target, deadline = e.values
    r.state.open_campaign(str(number), CampaignKind.GROUP, target, deadline - r.today)
    r.touched.campaigns.add(number)


def _presale(r: Replay, e: Decoded) -> None:
    number, deadline = e.values
    r.state.open_campaign(str(number), CampaignKind.PRESALE, 0, deadline - r.today)
    r.touched.campaigns.add(number)


HANDLERS: dict[str, Handler] = {
    "AgentJoined": _joined,
    "SupplierRegistered": _registered("supplier"),
    "StoreRegistered": _registered("store"),
    "WalletChanged": _moved,
    "AgentActivated": _activated,
    "ProgressMade": _progress,
    "TierReached": _activity("tier"),
    "BecameBoss": _boss,
    "CertificationChanged": _certified,
    "AgentFrozenBy": _frozen,
    "AgentUnfrozenBy": _unfrozen,
    "RegionProtected": _protected,
    "RegionReleased": _unprotected,
    "RolesChanged": _roles,
    "PauseChanged": _paused,
    "PlanPublished": _plan,
    "GroupBuyOpened": _group,
    "PresaleOpened": _presale,
    "TreasuryFunded": _funded,
    "Withdrawn": _withdrawn,
    "PushPassedOver": _nothing,
    "DepositPaid": _deposited,
    "DepositReleased": _released,
    "DepositSlashed": _slashed,
    "DebtRepaid": _nothing,
    "MonthClosed": _closed("support"),
    "YearClosed": _closed("dividend"),
    "SupportClaimed": _claimed("support"),
    "DividendClaimed": _claimed("dividend"),
}
"""By the event's name."""
