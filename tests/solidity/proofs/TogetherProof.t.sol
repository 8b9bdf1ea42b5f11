// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BrandAccounts, BrandAmounts} from "../../../contracts/logic/BrandAccounts.sol";
import {Ledger} from "../../../contracts/logic/Ledger.sol";
import {PoolBook} from "../../../contracts/logic/PoolBook.sol";
import {Lines, Split} from "../../../contracts/pure/Split.sol";
import {State} from "../../../contracts/state/State.sol";
import {Account as Word, AccountWord} from "../../../contracts/types/Account.sol";
import {PLATFORM} from "../../../contracts/types/Accounts.sol";
import {OpenPools} from "../../../contracts/types/OpenPools.sol";
import {OrderPlan} from "../../../contracts/types/OrderPlan.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Till} from "../../../contracts/types/Till.sol";
import {Test} from "forge-std/Test.sol";

/// @title Proofs that settling two orders together equals settling them one by one (Halmos; rules, section 6.6)
/// @notice A call for many pays the payees of its orders one order after the other, as single calls do. What it does otherwise
/// is proved here of any state: it keeps one set of lines in memory for all orders, and it adds up what they pay to the
/// brand's accounts and into the pools before it posts that. That the whole comes to the same is tested on random histories
/// (BatchHistories).
contract TogetherProof is Test {
    using AccountWord for Word;

    struct Gathered {
        uint48 fund;
        uint48 dividend;
        uint48 weight;
    }

    State internal one;
    State internal two;

    /// @notice The split into lines that hold another order's amounts is the split into empty ones.
    function check_splitForgets(uint256[2] memory t, OrderPlan plan, uint256 net, Lines memory used) public pure {
        Terms memory terms = Terms(t[0], t[1]);
        vm.assume(terms.price() != 0);
        vm.assume(terms.channel() <= 3);
        Lines memory fresh;
        Split.split(terms, plan, net, fresh);
        Split.split(terms, plan, net, used);
        assert(fresh.supply == used.supply && fresh.fees == used.fees && fresh.duty == used.duty);
        assert(fresh.insurance == used.insurance && fresh.service == used.service && fresh.direct == used.direct);
        assert(fresh.region == used.region && fresh.host == used.host && fresh.guide == used.guide);
        assert(fresh.store == used.store && fresh.team == used.team && fresh.fund == used.fund);
        assert(fresh.dividend == used.dividend && fresh.platform == used.platform);
    }

    /// @notice Two credits to an account, in debt or not, are one of their sum: word, debt and what repaid it.
    function check_creditsAdd(uint256 word, uint64 debt, uint48 a, uint48 b) public {
        Word w = Word.wrap(word);
        vm.assume(w.has(AccountWord.IN_DEBT) == (debt != 0));
        vm.assume(w.available() < 2 ** 63);
        Ledger.account(one, 16).word = w;
        Ledger.account(two, 16).word = w;
        one.cold[16].debt = debt;
        two.cold[16].debt = debt;
        uint256 together = Ledger.credit(one, 16, uint256(a) + b);
        uint256 apart = Ledger.credit(two, 16, a);
        apart += Ledger.credit(two, 16, b);
        assert(together == apart);
        assert(Word.unwrap(Ledger.account(one, 16).word) == Word.unwrap(Ledger.account(two, 16).word));
        assert(one.cold[16].debt == two.cold[16].debt);
    }

    /// @notice The same of the brand's accounts, which share a slot; each is credited alone, so one of them stands for all.
    function check_brandCreditsAdd(uint48 there, uint64 debt, uint48 a, uint48 b) public {
        Till till = Till.wrap(0).plus(PLATFORM, there).withDebt(PLATFORM, debt != 0);
        one.till = till;
        two.till = till;
        one.cold[PLATFORM].debt = debt;
        two.cold[PLATFORM].debt = debt;
        uint256 together = BrandAccounts.credit(one, BrandAmounts(uint256(a) + b, 0, 0, 0));
        uint256 apart = BrandAccounts.credit(two, BrandAmounts(a, 0, 0, 0));
        apart += BrandAccounts.credit(two, BrandAmounts(b, 0, 0, 0));
        assert(together == apart);
        assert(Till.unwrap(one.till) == Till.unwrap(two.till));
        assert(one.cold[PLATFORM].debt == two.cold[PLATFORM].debt);
    }

    /// @notice What the pools gather on one day adds up, whichever month and year they had open before.
    function check_gatheringAdds(OpenPools open, uint16 month, uint16 year, Gathered memory a, Gathered memory b) public {
        vm.assume(open.fund() < 2 ** 63);
        vm.assume(open.dividend() < 2 ** 63);
        vm.assume(open.supportWeight() < 2 ** 85);
        one.open = open;
        two.open = open;
        PoolBook.gather(
            one, month, year, uint256(a.fund) + b.fund, uint256(a.dividend) + b.dividend, uint256(a.weight) + b.weight
        );
        PoolBook.gather(two, month, year, a.fund, a.dividend, a.weight);
        PoolBook.gather(two, month, year, b.fund, b.dividend, b.weight);
        assert(OpenPools.unwrap(one.open) == OpenPools.unwrap(two.open));
        assert(one.support.epochs[open.month()].gathered == two.support.epochs[open.month()].gathered);
        assert(one.support.epochs[open.month()].weight == two.support.epochs[open.month()].weight);
        assert(one.dividend.epochs[open.year()].gathered == two.dividend.epochs[open.year()].gathered);
    }
}
