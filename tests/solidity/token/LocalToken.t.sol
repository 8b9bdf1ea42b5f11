// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Test} from "forge-std/Test.sol";
import {LocalToken} from "../../../contracts/token/LocalToken.sol";

/// @notice LocalToken
/// ├── mint: when the caller is not the owner → OwnableUnauthorizedAccount; else tokens out of nothing
/// ├── its unit is 0.01 yuan: 2 decimals
/// └── permit: approves by signature, once
contract LocalTokenTest is Test {
    LocalToken private token;

    function setUp() public {
        token = new LocalToken(address(this));
    }

    function test_WhenTheCallerIsNotTheOwner_NothingIsMinted() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(1)));
        vm.prank(address(1));
        token.mint(address(1), 1);
    }

    function test_WhenTheOwnerMints_TheTokensAreThere() public {
        token.mint(address(1), 700);
        assertEq(token.balanceOf(address(1)), 700);
        assertEq(token.totalSupply(), 700);
    }

    function test_ItsUnitIsAHundredthOfAYuan() public view {
        assertEq(token.decimals(), 2);
        assertEq(token.symbol(), "LDY");
        assertEq(token.name(), "Liandong Local Yuan");
    }

    function test_WhenPermitted_TheSpenderMayMoveIt_Once() public {
        (address owner, uint256 key) = makeAddrAndKey("owner");
        bytes32 permit = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 message = keccak256(abi.encode(permit, owner, address(2), 700, 0, block.timestamp));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message)));
        token.permit(owner, address(2), 700, block.timestamp, v, r, s);
        assertEq(token.allowance(owner, address(2)), 700);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        token.permit(owner, address(2), 700, block.timestamp, v, r, s);
    }
}
