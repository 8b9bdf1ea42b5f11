// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that anybody can mint.
abstract contract MintedToken is ERC20("Odd", "ODD") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @title Keeps a hundredth of whatever moves
contract FeeToken is MintedToken {
    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) return super._update(from, to, amount);
        super._update(from, to, amount - amount / 100);
        super._update(from, address(this), amount / 100);
    }
}

/// @title Answers false and moves nothing, once told to lie
contract LyingToken is MintedToken {
    bool private lying;

    function lie() external {
        lying = true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !lying && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !lying && super.transferFrom(from, to, amount);
    }
}

/// @title Refuses a receiver, as tokens with block lists do
contract RefusingToken is MintedToken {
    error Refused(address receiver);

    address private refused;

    function refuse(address receiver) external {
        refused = receiver;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (to == refused) revert Refused(to);
        super._update(from, to, amount);
    }
}

/// @title Calls somebody with something whenever it moves, once armed, and keeps the answer
contract CallingToken is MintedToken {
    address private target;
    bytes private data;
    bool private deaf;
    bool public called;
    bool public succeeded;
    bytes public answer;

    /// @param deaf_ Whether the transfer is to fail after the call.
    function arm(address target_, bytes calldata data_, bool deaf_) external {
        (target, data, deaf, called) = (target_, data_, deaf_, false);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (target == address(0) || called || from == address(0)) return;
        called = true;
        (succeeded, answer) = target.call(data);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (!deaf || target == address(0)) return super.transfer(to, amount);
        if (!called) {
            called = true;
            (succeeded, answer) = target.call(data);
        }
        return false;
    }
}

/// @title Answers nothing at all, as the oldest tokens do
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
