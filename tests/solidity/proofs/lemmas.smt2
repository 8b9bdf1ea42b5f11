; Facts about floor division that the proofs of the split rest on: Lemmas.sol states them again for the bytecode's products
; and quotients. Here they are proved over the integers, with no bound on their size. Each is stated by its negation, so
; that `unsat` means proved; a quotient stands for any q with q·d <= x < (q+1)·d.
;
; On chain amounts are below 2^48 and rates at most 10 000, so that by `product` no product comes near 2^256, and words of
; 256 bits compute what the integers do.
(set-logic ALL)
(set-option :timeout 60000)

(define-fun is_floor ((q Int) (x Int) (d Int)) Bool (and (<= (* q d) x) (< x (* (+ q 1) d))))
(define-fun is_rate ((b Int)) Bool (and (>= b 0) (<= b 10000)))
(define-fun is_amount ((x Int)) Bool (and (>= x 0) (< x 281474976710656)))

(echo "product: two amounts, or an amount and a rate, multiply to less than 2^96")
(push)
(declare-const x Int) (declare-const y Int)
(assert (and (is_amount x) (or (is_amount y) (is_rate y))))
(assert (not (< (* x y) 79228162514264337593543950336)))
(check-sat)
(pop)

(echo "share: b <= 10 000 -> floor(x b / 10 000) <= x")
(push)
(declare-const x Int) (declare-const b Int) (declare-const q Int)
(assert (and (>= x 0) (is_rate b) (is_floor q (* x b) 10000)))
(assert (not (and (<= 0 q) (<= q x))))
(check-sat)
(pop)

; Recording checks the service fee of the price; the split takes it anew of the net price, with a rounding of its own.
(echo "costs: x1+x2+x3+x4 + floor(P s / 10 000) <= P, n <= P -> sum of floor(xi n / P) + floor(n s / 10 000) <= n")
(push)
(declare-const n Int) (declare-const P Int) (declare-const s Int) (declare-const v Int) (declare-const w Int)
(declare-const x1 Int) (declare-const x2 Int) (declare-const x3 Int) (declare-const x4 Int)
(declare-const q1 Int) (declare-const q2 Int) (declare-const q3 Int) (declare-const q4 Int)
(assert (and (> P 0) (>= n 0) (<= n P) (>= x1 0) (>= x2 0) (>= x3 0) (>= x4 0) (is_rate s)))
(assert (and (is_floor w (* P s) 10000) (<= (+ x1 x2 x3 x4 w) P)))
(assert (and (is_floor q1 (* x1 n) P) (is_floor q2 (* x2 n) P) (is_floor q3 (* x3 n) P) (is_floor q4 (* x4 n) P)))
(assert (is_floor v (* n s) 10000))
(assert (not (and (<= (+ q1 q2 q3 q4 v) n) (>= q1 0) (>= q2 0) (>= q3 0) (>= q4 0) (>= v 0))))
(check-sat)
(pop)
