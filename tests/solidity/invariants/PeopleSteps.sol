// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consents} from "../Consents.sol";
import {World} from "./World.sol";

/// @title Steps of people: joining, registering, changing wallets, flags, regions
/// @notice As all steps of a random history these take two random numbers, and revert where the contract refuses.
abstract contract PeopleSteps is World {
    function joinFounder(uint256 seed, uint256) external kept {
        _keepAgent(_founder(_region(seed)), 0);
    }

    /// @dev Section 6.2: nobody is paid for a person joining; the other accounts are held by the books.
    function join(uint256 seed, uint256 region) external kept {
        uint256 introducer = _agent(seed, _mayIntroduce);
        uint256 before = _available(introducer);
        uint256 agent = _member(introducer, _region(region));
        if (_available(introducer) != before || _available(agent) != 0) _fail("paid for joining");
        _keepAgent(agent, introducer);
    }

    function registerSupplier(uint256, uint256) external kept {
        suppliers.push(_supplier());
    }

    function registerStore(uint256, uint256) external kept {
        stores.push(_store());
    }

    function changeWallet(uint256 seed, uint256 which) external kept {
        uint256 participant = _anything(seed) ? _anybodyAt(seed) : _participant(which);
        address owner = _walletOf(participant);
        address wallet = _anything(which) ? owner : _wallet();
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory consent = _sign(wallet, Consents.takeOver(_domain(), participant, wallet, deadline));
        vm.prank(owner);
        settlement.changeWallet(participant, wallet, deadline, consent);
        walletOf[participant] = wallet;
    }

    function certify(uint256 seed, uint256 which) external kept {
        vm.prank(operator);
        settlement.certify(_agent(seed), which % 4 != 0);
    }

    function freeze(uint256 seed, uint256) external kept {
        uint256 agent = _agent(seed);
        vm.prank(riskOfficer);
        settlement.freeze(agent, "reason");
    }

    function unfreeze(uint256 seed, uint256) external kept {
        uint256 agent = _agent(seed, _isFrozen);
        vm.prank(riskOfficer);
        settlement.unfreeze(agent);
    }

    function protectRegion(uint256 seed, uint256 which) external kept {
        uint256 agent = _agent(seed, _mayProtect);
        uint256 region = _anything(which) ? _region(which) : lens.participant(agent).region;
        vm.prank(operator);
        settlement.protectRegion(region, agent);
    }

    function releaseRegion(uint256 seed, uint256) external kept {
        uint256 region = _region(seed);
        if (settlement.holderOf(region) == 0) region = _region(seed + 1);
        vm.prank(operator);
        settlement.releaseRegion(region);
    }

    function _region(uint256 seed) internal pure returns (uint256) {
        return [uint256(310_000), 440_000, 110_000, 0][_draw(seed, 1) % 4];
    }

    function _participant(uint256 seed) internal view returns (uint256) {
        return 16 + seed % (settlement.lastParticipant() - 15);
    }
}
