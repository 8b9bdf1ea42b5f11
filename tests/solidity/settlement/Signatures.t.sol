// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Settlement} from "../../../contracts/Settlement.sol";
import {Consents} from "../Consents.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @dev A contract wallet: accepts, rejects, reverts, or answers something else.
contract ContractWallet is IERC1271 {
    enum Answer {
        Accept,
        Reject,
        Revert,
        Garbage,
        Long
    }

    Answer private immutable answer;
    bytes32 private immutable accepted;

    constructor(Answer answer_, bytes32 digest) {
        (answer, accepted) = (answer_, digest);
    }

    function isValidSignature(bytes32 digest, bytes memory) external view returns (bytes4) {
        if (answer == Answer.Accept) return digest == accepted ? IERC1271.isValidSignature.selector : bytes4(0);
        if (answer == Answer.Reject) return bytes4(0xffffffff);
        if (answer == Answer.Revert) revert("no");
        bytes32 word = answer == Answer.Garbage
            ? bytes32(uint256(uint32(IERC1271.isValidSignature.selector)))
            : bytes32(IERC1271.isValidSignature.selector) | bytes32(uint256(1));
        assembly {
            mstore(0, word)
            return(0, 32)
        }
    }
}

/// @notice Consents by signature, of join, changeWallet and withdrawFor alike
/// ├── when the deadline is past → SignatureExpired; at the deadline it is good; expired goes before invalid
/// ├── when it is another's, of another message, chain, contract, name, or kind → InvalidSignature
/// ├── when it is malleable (high s), of 64 bytes, empty, of zeros, or with a wrong v → InvalidSignature
/// ├── when it was used → refused: a wallet joins once, a nonce goes up
/// ├── when the wallet is a contract: accepts → good; rejects, reverts, answers anything else, or is no ERC-1271 wallet → InvalidSignature
/// ├── when the wallet changed → what the old one signed is worth nothing any more
/// └── eip712Domain tells what wallets need to know
contract SignaturesTest is SettlementFixture {
    address private wallet;

    function setUp() public override {
        super.setUp();
        wallet = _wallet();
        _sell(_retail(amy, 10_000));
    }

    // ---- deadlines ----

    function test_WhenTheDeadlineIsPast_RevertsWithSignatureExpired() public {
        uint256 deadline = vm.getBlockTimestamp() - 1;
        bytes memory error_ = abi.encodeWithSelector(SignatureExpired.selector, deadline);
        vm.expectRevert(error_);
        settlement.join(wallet, boss, 0, deadline, _signJoin(wallet, deadline));
        vm.expectRevert(error_);
        settlement.join(wallet, boss, 0, deadline, "");
        vm.expectRevert(error_);
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, wallet, deadline, "");
        vm.expectRevert(error_);
        settlement.withdrawFor(amy, 1, deadline, "");
    }

    function test_AtTheDeadlineItIsGood() public {
        uint256 deadline = vm.getBlockTimestamp();
        settlement.join(wallet, boss, 0, deadline, _signJoin(wallet, deadline));
        settlement.withdrawFor(amy, 1, deadline, _signWithdrawal(amy, 1, 0, deadline));
        address next = _wallet();
        bytes memory consent = _sign(next, Consents.takeOver(_domain(), amy, next, deadline));
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, next, deadline, consent);
    }

    // ---- other messages ----

    function test_WhenAnotherSigned_RevertsWithInvalidSignature() public {
        bytes32 digest = Consents.join(_domain(), wallet, boss, 0, LATER);
        _refuseJoin(_sign(walletOf[boss], digest));
        bytes32 withdrawal = Consents.withdrawal(_domain(), amy, 1, 0, LATER);
        _refuseWithdrawal(1, _sign(walletOf[boss], withdrawal));
        bytes32 takeOver = Consents.takeOver(_domain(), amy, wallet, LATER);
        _refuseTakeOver(_sign(walletOf[amy], takeOver));
    }

    function test_WhenAnyPartOfTheMessageIsAnother_RevertsWithInvalidSignature() public {
        bytes32 d = _domain();
        _refuseJoin(_sign(wallet, Consents.join(d, walletOf[amy], boss, 0, LATER)));
        _refuseJoin(_sign(wallet, Consents.join(d, wallet, amy, 0, LATER)));
        _refuseJoin(_sign(wallet, Consents.join(d, wallet, boss, 1, LATER)));
        _refuseJoin(_sign(wallet, Consents.join(d, wallet, boss, 0, LATER + 1)));
        address owner = walletOf[amy];
        _refuseWithdrawal(1, _sign(owner, Consents.withdrawal(d, boss, 1, 0, LATER)));
        _refuseWithdrawal(1, _sign(owner, Consents.withdrawal(d, amy, 2, 0, LATER)));
        _refuseWithdrawal(1, _sign(owner, Consents.withdrawal(d, amy, 1, 1, LATER)));
        _refuseWithdrawal(1, _sign(owner, Consents.withdrawal(d, amy, 1, 0, LATER + 1)));
        _refuseTakeOver(_sign(wallet, Consents.takeOver(d, boss, wallet, LATER)));
        _refuseTakeOver(_sign(wallet, Consents.takeOver(d, amy, walletOf[boss], LATER)));
        _refuseTakeOver(_sign(wallet, Consents.takeOver(d, amy, wallet, LATER + 1)));
    }

    function test_WhenOfAnotherKind_RevertsWithInvalidSignature() public {
        // the same numbers under another type
        _refuseTakeOver(_sign(wallet, Consents.join(_domain(), wallet, amy, 0, LATER)));
        _refuseJoin(_sign(wallet, Consents.takeOver(_domain(), boss, wallet, LATER)));
    }

    function test_WhenOfAnotherChain_RevertsWithInvalidSignature() public {
        bytes32 other = Consents.domain(block.chainid + 1, address(settlement));
        _refuseJoin(_sign(wallet, Consents.join(other, wallet, boss, 0, LATER)));
        _refuseWithdrawal(1, _sign(walletOf[amy], Consents.withdrawal(other, amy, 1, 0, LATER)));
        _refuseTakeOver(_sign(wallet, Consents.takeOver(other, amy, wallet, LATER)));
    }

    function test_WhenTheChainForks_WhatWasSignedBeforeIsWorthNothingThere() public {
        bytes memory consent = _signJoin(wallet, LATER);
        bytes memory withdrawal = _signWithdrawal(amy, 1, 0, LATER);
        vm.chainId(block.chainid + 1);
        _refuseJoin(consent);
        _refuseWithdrawal(1, withdrawal);
        settlement.join(wallet, boss, 0, LATER, _signJoin(wallet, LATER));
    }

    function test_WhenOfAnotherContract_RevertsWithInvalidSignature() public {
        Settlement twin = new Settlement(token, address(manager), UTC_OFFSET, _seed());
        bytes32 other = Consents.domain(block.chainid, address(twin));
        _refuseJoin(_sign(wallet, Consents.join(other, wallet, boss, 0, LATER)));
        _refuseWithdrawal(1, _sign(walletOf[amy], Consents.withdrawal(other, amy, 1, 0, LATER)));
        _refuseTakeOver(_sign(wallet, Consents.takeOver(other, amy, wallet, LATER)));
    }

    // ---- other forms ----

    function test_WhenMalleable_RevertsWithInvalidSignature() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf[wallet], Consents.join(_domain(), wallet, boss, 0, LATER));
        bytes32 high = bytes32(0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s));
        _refuseJoin(abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
    }

    function test_WhenOf64Bytes_RevertsWithInvalidSignature() public {
        (bytes32 r, bytes32 vs) = vm.signCompact(keyOf[wallet], Consents.join(_domain(), wallet, boss, 0, LATER));
        _refuseJoin(abi.encodePacked(r, vs));
    }

    function test_WhenOfAnotherLengthOrForm_RevertsWithInvalidSignature() public {
        bytes memory good = _signJoin(wallet, LATER);
        _refuseJoin("");
        _refuseJoin(new bytes(65));
        _refuseJoin(bytes.concat(good, hex"00"));
        bytes memory wrong = bytes.concat(good);
        wrong[64] = bytes1(uint8(wrong[64]) - 27);
        _refuseJoin(wrong);
        wrong = bytes.concat(good);
        wrong[10] ^= 0x01;
        _refuseJoin(wrong);
    }

    // ---- replay ----

    function test_WhenAConsentToJoinIsUsedAgain_IsRefused() public {
        bytes memory consent = _signJoin(wallet, LATER);
        uint256 agent = settlement.join(wallet, boss, 0, LATER, consent);
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, wallet, agent));
        settlement.join(wallet, boss, 0, LATER, consent);
    }

    function test_WhenAWithdrawalIsUsedAgain_RevertsWithInvalidSignature() public {
        bytes memory first = _signWithdrawal(amy, 1, 0, LATER);
        bytes memory second = _signWithdrawal(amy, 1, 1, LATER);
        _refuseWithdrawal(1, second);
        settlement.withdrawFor(amy, 1, LATER, first);
        _refuseWithdrawal(1, first);
        settlement.withdrawFor(amy, 1, LATER, second);
        _refuseWithdrawal(1, second);
        assertEq(settlement.nonceOf(amy), 2);
        assertEq(token.balanceOf(walletOf[amy]), 2);
    }

    function test_WhenAWithdrawalFails_ItsNonceIsNotUsed() public {
        bytes memory consent = _signWithdrawal(amy, 3_000, 0, LATER);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, amy, 3_000, 2_000));
        settlement.withdrawFor(amy, 3_000, LATER, consent);
        assertEq(settlement.nonceOf(amy), 0);
    }

    function test_NoncesOfAccountsAreApart() public {
        settlement.withdrawFor(amy, 1, LATER, _signWithdrawal(amy, 1, 0, LATER));
        assertEq(settlement.nonceOf(boss), 0);
        settlement.withdrawFor(boss, 1, LATER, _signWithdrawal(boss, 1, 0, LATER));
    }

    function test_WhenTheWalletChanged_WhatTheOldOneSignedIsWorthNothing() public {
        bytes memory old = _signWithdrawal(amy, 1, 0, LATER);
        bytes memory consent = _sign(wallet, Consents.takeOver(_domain(), amy, wallet, LATER));
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, wallet, LATER, consent);
        vm.expectRevert(abi.encodeWithSelector(InvalidSignature.selector, wallet));
        settlement.withdrawFor(amy, 1, LATER, old);
        // nor can the same consent move the account back and forth
        vm.expectRevert(abi.encodeWithSelector(NotAccountOwner.selector, amy, walletOf[amy]));
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, wallet, LATER, consent);
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, wallet, amy));
        vm.prank(wallet);
        settlement.changeWallet(amy, wallet, LATER, consent);
        bytes memory fresh = _sign(wallet, Consents.withdrawal(_domain(), amy, 5, 0, LATER));
        settlement.withdrawFor(amy, 5, LATER, fresh);
        assertEq(token.balanceOf(wallet), 5);
    }

    // ---- contract wallets ----

    function test_WhenAContractWalletAccepts_ItJoinsWithdrawsAndTakesOver() public {
        address contractWallet = _contractWallet(ContractWallet.Answer.Accept, 0);
        uint256 agent = settlement.join(contractWallet, boss, 0, LATER, "any bytes");
        assertEq(settlement.participantOf(contractWallet), agent);

        address next = _contractWallet(ContractWallet.Answer.Accept, 1);
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, next, LATER, "");
        assertEq(settlement.participantOf(next), amy);
    }

    function test_WhenAContractWalletOwnsTheAccount_ItsWordWithdraws() public {
        address next = _contractWallet(ContractWallet.Answer.Accept, 1);
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, next, LATER, "");
        vm.expectRevert(abi.encodeWithSelector(InvalidSignature.selector, next));
        settlement.withdrawFor(amy, 700, LATER, "");
        bytes32 digest = Consents.withdrawal(_domain(), amy, 700, 0, LATER);
        vm.etch(next, address(new ContractWallet(ContractWallet.Answer.Accept, digest)).code);
        settlement.withdrawFor(amy, 700, LATER, "");
        assertEq(token.balanceOf(next), 700);
    }

    function test_WhenAContractWalletAcceptsAnotherMessage_RevertsWithInvalidSignature() public {
        address contractWallet = _contractWallet(ContractWallet.Answer.Accept, 1);
        _refuseJoinOf(contractWallet);
    }

    function test_WhenAContractWalletRejectsRevertsOrAnswersGarbage_RevertsWithInvalidSignature() public {
        for (uint8 i = 1; i <= uint8(ContractWallet.Answer.Long); ++i) {
            _refuseJoinOf(_contractWallet(ContractWallet.Answer(i), 0));
        }
    }

    function test_WhenTheContractIsNoWallet_RevertsWithInvalidSignature() public {
        _refuseJoinOf(address(token));
        _refuseJoinOf(address(manager));
    }

    function test_TheDomainIsTold() public view {
        (, string memory name, string memory version, uint256 chainId, address verifier,,) = settlement.eip712Domain();
        assertEq(name, "Liandong");
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(verifier, address(settlement));
    }

    // ---- ways in ----

    function _signJoin(address who, uint256 deadline) private view returns (bytes memory) {
        return _sign(who, Consents.join(_domain(), who, boss, 0, deadline));
    }

    function _signWithdrawal(uint256 account, uint256 amount, uint256 nonce, uint256 deadline)
        private
        view
        returns (bytes memory)
    {
        return _sign(walletOf[account], Consents.withdrawal(_domain(), account, amount, nonce, deadline));
    }

    /// @dev A contract wallet at an address that its digest can name: the digest is of that very address.
    function _contractWallet(ContractWallet.Answer answer, uint256 kind) private returns (address where) {
        where = makeAddr(string.concat("contract wallet ", vm.toString(uint256(answer)), " ", vm.toString(kind)));
        bytes32 digest = kind == 0
            ? Consents.join(_domain(), where, boss, 0, LATER)
            : Consents.takeOver(_domain(), amy, where, LATER);
        vm.etch(where, address(new ContractWallet(answer, digest)).code);
    }

    function _refuseJoin(bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(InvalidSignature.selector, wallet));
        settlement.join(wallet, boss, 0, LATER, signature);
    }

    function _refuseJoinOf(address who) private {
        vm.expectRevert(abi.encodeWithSelector(InvalidSignature.selector, who));
        settlement.join(who, boss, 0, LATER, "");
    }

    function _refuseWithdrawal(uint256 amount, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(InvalidSignature.selector, walletOf[amy]));
        settlement.withdrawFor(amy, amount, LATER, signature);
    }

    function _refuseTakeOver(bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(InvalidSignature.selector, wallet));
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, wallet, LATER, signature);
    }
}
