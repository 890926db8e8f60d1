;; Passes over line ends, sixteen bytes at a time. `npm run gen` makes line-ends.gen.ts of it.
(module
  ;; Five pages of 64 KiB: 256 KiB of text, and room for the sixteen bytes that are looked at beyond its end.
  (memory (export "memory") 5 5)

  ;; The place after `count` line ends from `at` on, each of which becomes the byte `by`; -1 where there are fewer before `end`.
  (func (export "passLines") (param $at i32) (param $end i32) (param $count i32) (param $by i32) (result i32)
    (local $found i32) ;; a bit for each line end among the sixteen bytes
    (local $place i32)
    (local $line_ends v128)
    (if (i32.eqz (local.get $count)) (then (return (local.get $at))))
    (local.set $line_ends (i8x16.splat (i32.const 10)))
    (loop $sixteen
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const -1))))
      (local.set $found (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $line_ends))))
      (if (local.get $found) (then
        (loop $each
          (local.set $place (i32.add (local.get $at) (i32.ctz (local.get $found))))
          (if (i32.ge_u (local.get $place) (local.get $end)) (then (return (i32.const -1))))
          (i32.store8 (local.get $place) (local.get $by))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (if (i32.eqz (local.get $count)) (then (return (i32.add (local.get $place) (i32.const 1)))))
          ;; The lowest bit goes.
          (local.set $found (i32.and (local.get $found) (i32.sub (local.get $found) (i32.const 1))))
          (br_if $each (local.get $found)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $sixteen))
    (unreachable)))
