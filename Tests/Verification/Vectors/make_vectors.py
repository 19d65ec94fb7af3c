"""Makes the vectors of this folder with the protocol's executable specification.

    pip install blake3 && python3 make_vectors.py DESIGN [OUT]

DESIGN holds reference.py and machine_model.py. Nothing of the specification is changed but the order of an operand's
terms: here, as in machine_model.Operand and in the tables of the product, two terms with one word and one rotation are
one term. The same seeds give the same bytes.

A file holds tables and cases. A case is a statement with a proof: of an honest prover, with the witness and all that the
transcript and the verifier see on the way; or of a cheating one, with the reason for which it is refused.
"""
import base64
import inspect
import json
import os
import random
import sys
import textwrap
from dataclasses import dataclass, replace

sys.path.insert(0, sys.argv[1])
import reference as R  # noqa: E402
from machine_model import Operand as Merged  # noqa: E402

OUT = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))

# ---- Tables with merged operands ------------------------------------------------------------------------------------


def merged(operand):
    """A map of bit positions as XOR of rotations and spread bits."""
    result = Merged(const=operand.constant)
    for word, sources in operand.terms:
        seen = {s for s in sources if s is not None}
        spread = len(seen) == 1 and sum(s is not None for s in sources) > 1
        for b, s in enumerate(sources):
            if s is not None:
                key = (word, None, s) if spread else (word, (b - s) % 32, None)
                result ^= Merged({key: 1 << b})
    return result


def plain(operand):
    def sources(rotation, bit, mask):
        return tuple((bit if rotation is None else (b - rotation) % 32) if mask >> b & 1 else None for b in range(32))
    return R.Operand(operand.const, tuple((w, sources(*seen, mask)) for (w, *seen), mask in operand.terms.items()))


@dataclass(frozen=True)
class System:
    """Tables of merged operands (name, width, constraints, pushes, pulls), and the same as the specification's."""
    described: tuple

    @property
    def tables(self):
        return tuple(R.Table(name, width, tuple(tuple(map(plain, c)) for c in constraints),
                             tuple(tuple((*map(plain, words), k) for *words, k in side) for side in sides))
                     for name, width, constraints, *sides in self.described)

    def json(self):
        def operand(o):
            return [o.const] + [n for (w, rotation, bit), mask in o.terms.items()
                                for n in (w, int(rotation is None), bit if rotation is None else rotation, mask)]
        return [dict(name=name, width=width, constraints=[list(map(operand, c)) for c in constraints],
                     **{side: [dict(words=list(map(operand, words)), power=k) for *words, k in messages]
                        for side, messages in zip(("pushes", "pulls"), sides)})
                for name, width, constraints, *sides in self.described]


def described(tables):
    return System(tuple((t.name, t.width, tuple(tuple(map(merged, c)) for c in t.constraints),
                         *(tuple((*map(merged, words), k) for *words, k in side) for side in t.messages))
                        for t in tables))


# ---- What is recorded -----------------------------------------------------------------------------------------------


class Recorder(R.Transcript):
    """Notes order and width of all that happens, in the way of Hashing.TranscriptEvent, and every byte drawn. What is
    absorbed or passed in a row counts as one event."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.first, self.events, self.drawn, self.silent = self.state, [], bytearray(), False

    def note(self, kind, *numbers):
        if kind != "d" and self.events and self.events[-1][0] == kind:
            self.events[-1][1] += numbers[0]
        else:
            self.events.append([kind, *numbers])

    def draw(self, count, size=24):
        result = super().draw(count, size)
        self.last = b"".join(R.to_bytes(e) if size == 24 else e.to_bytes(size, "little") for e in result)
        if not self.silent:
            self.note("d", count, size)
            self.drawn += self.last
        return result

    def write(self, data, absorb=True):
        super().write(data, absorb)
        self.note("a" if absorb else "u", len(data))

    def grind(self, bits):
        self.silent = True
        super().grind(bits)
        self.silent = False
        (_, nonce), self.events = self.events[-1], self.events[:-1]  # written last, hashed by the last draw
        self.note("d", 0, 24), self.note("a", nonce), self.note("d", 1, 4)
        self.drawn += self.last


R.Transcript = Recorder


def pack(data): return base64.b64encode(bytes(data)).decode()
def elements(values): return pack(b"".join(map(R.to_bytes, values)))


def stated(name, statement):
    p = statement.parameters
    record = dict(version=p.version, stackLog=p.stack_log, rowLog=p.row_log, folds=p.folds, rates=p.rates,
                  queries=p.queries, grinding=p.grinding, heightLimit=p.height_limit)
    return dict(name=name, record=record, heights=statement.heights, boundary=statement.boundary,
                claim=statement.claim)


def honest(name, statement, witness):
    prover = R.Prover(statement, witness)
    proof = prover.prove()
    v, claims = R.Verifier(statement, proof), {}

    def keep(**values):
        claims.update({k: elements(x if isinstance(x, list) else [x]) for k, x in values.items()})
    v.commitment(), v.messages()
    keep(gamma=v.gamma, zeta=v.zeta, messages=v.message_claim)
    v.constraints()
    keep(kappa=v.kappa, tau=v.tau, bitWeights=v.at, constraints=v.claim)
    v.row_sumcheck()
    keep(pairPoint=v.pair_point, phi=v.phi, rowPoint=v.row_point, a=v.v_a, b=v.v_b, weight=v.weight, linear=v.linear)
    v.column_sumcheck()
    keep(bitPoint=v.bit_point, columnPoint=v.column_point, columns=v.claim,
         form=v.form_at(v.bit_point, v.column_point))
    v.ring_switch()
    keep(rho=v.rho, stack=v.claim)
    v.opening()
    keep(stackPoint=v.stack_point, stackWeight=v.weight_claim)
    v.weight_sumcheck()
    assert R.verdict(statement, proof) is None
    transcript = prover.transcript
    rows = [pack(b"".join(w.to_bytes(4, "little") for row in rows for w in row)) for rows in witness]
    return dict(stated(name, statement), witness=rows, state=transcript.first.hex(),
                schedule=" ".join(kind + "x".join(map(str, numbers)) for kind, *numbers in transcript.events),
                drawn=pack(transcript.drawn), claims=claims, proof=pack(proof))


def refused(name, statement, proof, reason):
    found = R.verdict(statement, proof)
    assert found == reason, (name, found, reason)
    return dict(stated(name, statement), proof=pack(proof), refusal=reason)


def write(file, systems):
    """systems: pairs of tables and their cases. Proofs that several cases share stand once, at the end."""
    proofs, parts = {}, []
    for system, cases in systems:
        cases = list(cases)
        for case in cases:
            case["proof"] = proofs.setdefault(case["proof"], len(proofs))
        parts.append('{"digest":"%s",\n"tables":%s,\n"cases":%s}' % (
            R.tables_digest(system.tables).hex(), lines(system.json()), lines(cases)))
    path = os.path.join(OUT, file)
    with open(path, "w") as out:
        out.write('{"systems":[\n%s\n],\n"proofs":%s}\n' % (",\n".join(parts), lines(proofs)))
    print(file, os.path.getsize(path), "bytes", flush=True)


def lines(items): return "[\n" + ",\n".join(json.dumps(i, separators=(",", ":")) for i in items) + "\n]"


# ---- Toy statements -------------------------------------------------------------------------------------------------

TOY = described(R.toy_tables())
R.toy_tables = lambda: TOY.tables
FEW = R.Parameters(queries=(2, 1, 1))  # the checks that tests need, in proofs that are short


def toy_cases():
    one_level = R.Parameters(folds=(5,), rates=(1,), queries=(6,), grinding=(3,))
    for name, steps, parameters, spare, claim in (
        ("empty", 0, R.Parameters(), 0, ()), ("one step", 1, R.Parameters(), 2, (7,)),
        ("two steps", 2, R.Parameters(folds=(2, 2, 2)), 0, ((1, 2, 3), 4, ())), ("five steps", 5, R.Parameters(), 1, ()),
        ("twenty steps", 20, R.Parameters(), 0, (R.WORD, 0)), ("one level", 20, one_level, 0, ()),
        ("few queries", 3, FEW, 0, ()),
    ):
        statement, witness = R.toy(steps, parameters, spare)
        statement = replace(statement, claim=claim)
        yield honest(name, statement, [rows[:h] for rows, h in zip(witness, statement.heights)])
        if steps == 5:
            yield honest("junk beyond the heights", statement, witness)


# ---- Cheating provers -----------------------------------------------------------------------------------------------


class Forger(R.Prover):
    """Sends the root of another stack than the one that it opens."""
    def commit(self):
        super().commit()
        other = [entry ^ 1 for entry in self.stack]
        root = R.Oracle(other, self.parameters.folds[0], self.parameters.rates[0], 8).root
        self.transcript.proof[:], self.transcript.pending[:] = root, root


class Idler(R.Prover):
    """Does not grind."""
    def opening(self):
        def idle(bits):
            self.transcript.draw(0)
            self.transcript.pending = bytearray(8)
            self.transcript.draw(1, 4)
            self.transcript.write(bytes(8), absorb=False)
        self.transcript.grind = idle
        super().opening()


class Weigher(R.Twister):
    """A Twister who in the end sends the weight with which the false claim fits."""
    def weight_sumcheck(self):
        honest = self.transcript.send

        def fitting(_):
            self.transcript.send = honest
            honest(self.fitting_weight())
        self.transcript.send = fitting
        super().weight_sumcheck()

    def fitting_weight(self):
        """What a verifier needs who reads zero there: it multiplies the sum of all other weights by the final value."""
        v, multiply, factors = R.Verifier(self.statement, self.transcript.proof + bytes(24)), R.mul, []
        v.require = lambda condition, what: what == "opening" and factors.append(last[-1])
        last = [None]

        def watched(a, b):
            last[0] = a, b
            return multiply(a, b)
        R.mul = watched
        for step in (v.commitment, v.messages, v.constraints, v.row_sumcheck, v.column_sumcheck, v.ring_switch,
                     v.opening):
            step()
        R.mul = multiply
        (others, final), = factors
        return R.mul(v.claim, R.power(final, 2**192 - 2)) ^ others


def cheating_cases():
    statement, witness = R.toy(3, FEW)
    proof = R.Prover(statement, witness).prove()

    def prove(prover, ours=statement, rows=witness): return prover(ours, [list(r) for r in rows]).prove()
    for forged, reason in ((proof[:-1], "the proof ends early"), (b"", "the proof ends early"),
                           (proof + b"\0", "trailing bytes")):
        yield refused(reason, statement, forged, reason)

    def other(**changes): return replace(statement, **changes)
    def under(**changes): return other(parameters=replace(statement.parameters, **changes))
    for heights in ((6, 0), (6, 0, 3, 0), (6, 0, -1), (6, 0, 2**25)):
        yield refused(f"heights {heights}", other(heights=heights), proof, "heights")
    limited = under(height_limit=2)
    yield refused("a height above the limit", limited, prove(R.Prover, limited), "heights")
    for heights in ((5, 0, 3), (6, 0, 4), (6, 1, 3)):
        changed = other(heights=heights)
        yield refused(f"other heights {heights}", changed, proof, R.verdict(changed, proof))
    for name, changed in (("record", under(version=2)), ("claim", other(claim=(1,)))):
        yield refused(f"another {name}", changed, proof, R.verdict(changed, proof))
    for changed in (under(row_log=2), replace(R.toy(20, FEW)[0], parameters=statement.parameters)):
        yield refused("too small a class", changed, proof, "too large for the class")

    differ, columns = "pushed and pulled differ", "columns"
    pushed, pulled = statement.boundary
    for word in range(4):
        for side in (0, 1):
            boundary = [[list(m) for m in messages] for messages in statement.boundary]
            boundary[side][0][word] ^= 1 << 9
            changed = other(boundary=boundary)
            yield refused(f"word {word} of a boundary message of side {side}", changed, prove(R.Prover, changed), differ)
    for prover, reason in ((R.Liar, "product layer"), (R.CarefulLiar, columns), (R.Smuggler, columns)):
        yield refused(prover.__name__, changed, prove(prover, changed), reason)

    broken = [list(rows) for rows in witness]
    R.flip_word(broken, 0, 4, 4, 1 << 7)  # breaks a constraint, but no message
    for prover, reason in ((R.Prover, columns), (R.Denier, columns), (R.Twister, "opening"), (Weigher, "weight")):
        yield refused(f"{prover.__name__} with a broken constraint", statement, prove(prover, rows=broken), reason)
    broken = [list(rows) for rows in witness]
    R.flip_word(broken, 0, 4, 4, broken[0][4][4] ^ broken[0][4][4] - 1)  # y + d + 1 = x: a carry into bit 0
    yield refused("a carry into bit 0", statement, prove(R.Prover, rows=broken), columns)

    strong, rows = R.toy(3, R.Parameters(queries=(30, 20, 10)))
    yield refused("Switcher", strong, prove(R.Switcher, strong, rows), "opening")
    yield refused("Forger", statement, prove(Forger), "Merkle path")
    yield refused("Idler", statement, prove(Idler), "grinding")

    longer, rows = R.toy(6, FEW)
    shorter = replace(longer, heights=(10, 0, 5))
    yield refused("rows beyond the height, not counted", shorter, prove(R.Prover, shorter, rows), differ)
    cheat = R.Prover(shorter, rows)
    cheat.shape.heights = longer.heights
    yield refused("rows beyond the height, counted", shorter, cheat.prove(), columns)
    # Heights of 1, of a power of two and beside one, proved as if the last rows did not count (rule 13).
    right, rows = R.toy(5, FEW)
    for heights in ((12, 0, 6), (16, 0, 8), (10, 1, 5)):
        longer = R.least(replace(right, heights=heights))
        filled = [table + [(1,) * kind.width] * (h - len(table)) for kind, table, h in zip(TOY.tables, rows, heights)]
        yield refused(f"heights {heights}", longer, prove(R.Prover, longer, filled), differ)
        cheat = R.Prover(longer, filled)
        cheat.shape.heights = right.heights
        yield refused(f"heights {heights}, proved as {right.heights}", longer, cheat.prove(), columns)


def exponent_systems():
    """A ticket is pushed 4 times and pulled twice by either job: with another number nothing balances."""
    statement, witness = R.toy(3, FEW)
    proof = R.Prover(statement, witness).prove()
    adder, idle, (name, width, constraints, (*jobs, sold), pulls) = TOY.described
    for k, reason in ((0, "pushed and pulled differ"), (3, "pushed and pulled differ"), (31, "too many messages")):
        system = System((adder, idle, (name, width, constraints, (*jobs, (*sold[:4], k)), pulls)))
        changed = replace(statement, tables=system.tables)
        cheat = R.Prover(changed, witness)
        cheat.shape = R.Shape(statement)  # where the exponents still balance
        yield system, [
            refused(f"the proof for exponent 2, for {k}", changed, proof, R.verdict(changed, proof)),
            refused(f"exponent {k}", changed, R.Prover(changed, witness).prove(), reason),
            refused(f"exponent {k}, proved as 2", changed, cheat.prove(),
                    reason.replace("pushed and pulled differ", "columns"))]


# ---- Challenges that come too early ---------------------------------------------------------------------------------


def weakened(cls, **methods):
    """The specification's prover or verifier with a draw moved: for each method, pairs of old and new lines."""
    changed = {}
    for method, changes in methods.items():
        source = textwrap.dedent(inspect.getsource(getattr(cls, method)))
        for old, new in changes:
            assert source.count(old) == 1, (method, old)
            source = source.replace(old, new)
        scope = dict(vars(R))
        exec(source, scope)
        changed[method] = scope[method]
    return type("Weak" + cls.__name__, (cls,), changed)


def solve(columns, target):
    """A set of columns, as bits of a number, whose sum is the target; None if there is none."""
    basis = {}
    for i, value in enumerate(columns):
        value, uses = value, 1 << i
        while value:
            top = value.bit_length()
            if top not in basis:
                basis[top] = value, uses
                break
            value, uses = value ^ basis[top][0], uses ^ basis[top][1]
        else:
            if target == 0:
                return uses  # a dependency
    uses = 0
    while target:
        if target.bit_length() not in basis:
            return None
        value, more = basis[target.bit_length()]
        target, uses = target ^ value, uses ^ more
    return uses


BASIS = [1 << i + 128 * plane for plane in range(3) for i in range(64)]
inverse = lambda a: R.power(a, 2**192 - 2)
EARLY_KAPPA_TAU = "self.draw(shape.constraint_log + max(shape.n - 3, 0))"
BITS = System((("bits", 3, ((*(Merged({(word, 0, None): R.WORD}) for word in range(3)),),), (), ()),))


class KnowsWeights(weakened(R.Prover, constraints=(("self.transcript" + EARLY_KAPPA_TAU[4:], "self.early"),))):
    """Knows kappa and tau before the root is sent: breaks one bit in rows whose weights cancel."""
    def commit(self):
        self.early = self.transcript.draw(self.shape.constraint_log + max(self.shape.n - 3, 0))
        tau = R.FIXED_TAU[:self.shape.n] + self.early[self.shape.constraint_log:]
        rows = solve(R.eq_table(tau)[:self.shape.heights[0]], 0)
        for r in range(self.shape.heights[0]):
            if rows >> r & 1:
                R.flip_word(self.rows, 0, r, 2, 1)
        super().commit()


class KnowsChild(weakened(R.CarefulLiar, product_layer=(
        ("self.send_children(point, even[0], odd[0])\n    return self.transcript.draw(1) + bound",
         "child = self.transcript.draw(1)\n    self.send_known(point, even[0], odd[0], child[0])\n"
         "    return child + bound"),))):
    """Knows each mu before the children are sent: sends children with the false product whose claim at mu is true."""
    def send_known(self, point, even, odd, mu):
        false = R.mul(even, odd) ^ R.mul(self.error, point[0])
        true = even ^ R.mul(mu, even ^ odd)
        # e (1 + mu) + (false / e) mu = true, with e = y true / (1 + mu): y^2 + y = false mu (1 + mu) / true^2
        target = R.product((false, mu, 1 ^ mu, inverse(R.square(true))))
        y = solve([R.square(b) ^ b for b in BASIS], target) if self.error else None
        if y is None:
            return self.send_children(point, even, odd)
        y = R.total(b for i, b in enumerate(BASIS) if y >> i & 1)
        even = R.product((y, true, inverse(1 ^ mu)))
        self.error = 0
        R.Prover.send_children(self, point, even, R.mul(false, inverse(even)))


class KnowsPhi(weakened(R.Prover, row_sumcheck=(
        ("    parts, self.pair_point = self.rounds(shape.constraint_log, parts, 3)\n"
         "    self.phi = self.transcript.draw_one()\n",
         "    self.phi = self.transcript.draw_one()\n"
         "    parts, self.pair_point = self.rounds(shape.constraint_log, parts, 3)\n"),))):
    """Knows phi before i is bound: a Smuggler."""
    send_children, balancing_error = R.Liar.send_children, R.Liar.balancing_error
    fitting_error = R.CarefulLiar.fitting_error

    def rounds(self, count, parts, degree):
        if hasattr(self, "pair_point"):
            return super().rounds(count, parts, degree)
        parts, point = super().rounds(count - 1, parts, degree)
        shift, half = R.product((self.error, self.zeta[0], self.phi)), len(parts[0][0]) // 2
        one, zeros = ([1] + [0] * (half - 1)) * 2, [0] * 2 * half
        parts, last = super().rounds(1, parts + [[one, zeros, zeros, [shift * b for b in one]]], degree)
        return parts[:-1], last + point


# Liar.send_children calls super(), which looks for its own class: here it is written out.
def _liar_children(self, point, even, odd):
    self.error = self.fitting_error(point, even) if point else self.balancing_error(even, odd)
    R.Prover.send_children(self, point, even, odd ^ self.error)


KnowsPhi.send_children = _liar_children


class KnowsLambda(weakened(R.Denier, row_sumcheck=(
        ("self.transcript.send(*self.values[:2])",
         "self.lam = self.transcript.draw_one()\n    self.fit()\n    self.transcript.send(*self.values[:2])"),),
        column_sumcheck=(("self.lam, by_row = self.transcript.draw_one(), eq_table(self.row_point)",
                          "by_row = eq_table(self.row_point)"),))):
    """Knows lambda before v_A is sent: moves it to where the false claim of the constraints cancels."""
    def fit(self):
        true = self.univariate_at(R.lagrange(R.DOMAIN, self.z))  # where zero was claimed
        error = R.product((true, *self.pair_point, *self.row_point))  # a round's s1 carries it on
        self.values[0] ^= R.mul(error, inverse(R.mul(self.weight, self.values[1]) ^ self.lam))


class KnowsRho(weakened(R.Denier, ring_switch=(
        ("self.transcript.send(*self.s_hat)\n    self.rho = self.transcript.draw(6)",
         "self.rho = self.transcript.draw(6)\n    self.fit()\n    self.transcript.send(*self.s_hat)"),))):
    """Knows rho before the s_u are sent: moves two of them, so that the false claim fits and the stack's is true."""
    def fit(self):
        v = R.Verifier(self.statement, self.transcript.proof)
        for step in (v.commitment, v.messages, v.constraints, v.row_sumcheck, v.column_sumcheck):
            step()
        form, by_bit, by_k = v.form_at(v.bit_point, v.column_point), R.eq_table(v.bit_point), R.eq_table(self.rho)
        missing = R.mul(v.claim ^ R.mul(form, R.dot(by_bit, self.s_hat)), inverse(form))

        def phi(a):
            powers = [a]
            while len(powers) < 64:
                powers.append(R.square(powers[-1]))
            return R.dot(by_k, powers)
        # by_bit[0] d0 + by_bit[1] d1 = missing and phi(d0) + x phi(d1) = 0
        second = lambda d, missing: R.mul(missing ^ R.mul(by_bit[0], d), inverse(by_bit[1]))
        moved = solve([phi(b) ^ R.mul(R.X, phi(second(b, 0))) for b in BASIS], R.mul(R.X, phi(second(0, missing))))
        first = R.total(b for i, b in enumerate(BASIS) if moved >> i & 1)
        self.s_hat[0] ^= first
        self.s_hat[1] ^= second(first, missing)


WEAK = {
    KnowsWeights: dict(
        commitment=(("self.root = self.transcript.take(32)", "self.early = self.draw(self.shape.constraint_log + "
                     "max(self.shape.n - 3, 0))\n    self.root = self.transcript.take(32)"),),
        constraints=((EARLY_KAPPA_TAU, "self.early"),)),
    KnowsChild: dict(messages=(
        ("        children = self.read(2)\n", "        child = self.draw(1)\n        children = self.read(2)\n"),
        ("        child = self.draw(1)\n        claim, point", "        claim, point"))),
    KnowsPhi: dict(row_sumcheck=(
        ("    self.pair_point = self.rounds(shape.constraint_log, 3)\n    self.phi = self.draw_one()\n",
         "    self.phi = self.draw_one()\n    self.pair_point = self.rounds(shape.constraint_log, 3)\n"),)),
    KnowsLambda: dict(
        row_sumcheck=(("self.v_a, self.v_b = self.read(2)",
                       "self.lam = self.draw_one()\n    self.v_a, self.v_b = self.read(2)"),),
        column_sumcheck=(("self.lam = self.draw_one()\n", "pass\n"),)),
    KnowsRho: dict(ring_switch=(("s_hat = self.read(64)", "self.rho = self.draw(6)\n    s_hat = self.read(64)"),
                                ("self.rho, self.claim = self.draw(6), 0", "self.claim = 0"))),
}


def early_systems():
    """Proofs that a verifier accepts who draws one challenge too early (rule 9), for statements that are false."""
    rng = random.Random(9)
    rows = [(a, b, a & b) for a, b in ((rng.getrandbits(32), rng.getrandbits(32)) for _ in range(230))]
    bits = R.least(R.Statement(FEW, BITS.tables, (230,), ((), ())))
    toy, witness = R.toy(3, FEW)
    pushed, pulled = toy.boundary
    unbalanced = replace(toy, boundary=((tuple(w ^ (i == 2) for i, w in enumerate(pushed[0])),), pulled))
    broken = [list(rows) for rows in witness]
    R.flip_word(broken, 0, 4, 4, 1 << 7)

    def case(prover, statement, rows):
        assert R.verdict(statement, R.Prover(statement, [list(r) for r in rows]).prove()) or prover is KnowsWeights
        proof = prover(statement, [list(r) for r in rows]).prove()
        weakened(R.Verifier, **WEAK[prover])(statement, proof).verify()
        return refused(prover.__name__, statement, proof, R.verdict(statement, proof))
    # Errors in rows 1 and 2 cancel under a fixed tau of x, x, x^2: its tensor weights are dependent (rule 11).
    twice = [tuple(row) for row in rows]
    for r in (1, 2):
        R.flip_word([twice], 0, r, 2, 1)
    proof, fixed = R.Prover(bits, [twice]).prove(), R.FIXED_TAU
    R.FIXED_TAU = [fixed[0], fixed[0], fixed[1]]
    R.Verifier(bits, R.Prover(bits, [twice]).prove()).verify()
    R.FIXED_TAU = fixed
    yield BITS, [case(KnowsWeights, bits, [rows]), refused("two errors in eight rows", bits, proof, "columns")]
    yield TOY, [case(KnowsChild, unbalanced, witness), case(KnowsPhi, unbalanced, witness),
                case(KnowsLambda, toy, broken), case(KnowsRho, toy, broken)]


# ---- Random systems -------------------------------------------------------------------------------------------------


def random_operand(rng, words):
    """XOR of up to three terms of the words, and perhaps a constant."""
    result = Merged(const=rng.choice((0, R.WORD, rng.getrandbits(32))))
    for _ in range(rng.randrange(4) if words else 0):
        mask = rng.choice((R.WORD, R.WORD << rng.randrange(32) & R.WORD, rng.getrandbits(32)))
        place = rng.choice(((rng.randrange(32), None), (None, rng.randrange(32))))
        result ^= Merged({(rng.randrange(words), *place): mask})
    return result


def random_system(seed):
    """Tables whose rows have free words and words that one constraint each defines, C = the word ^ others; all that
    one pushes is pulled by another that copies it, by itself with another exponent, or by the boundary."""
    rng = random.Random(seed)
    whole = lambda word, turn=0: Merged({(word, turn, None): R.WORD})
    described, heights, witness, pushed, pulled = [], [], [], [], []
    for number in range(rng.randrange(1, 4)):
        free, defined = rng.randrange(1, 4), rng.randrange(4)
        height = rng.choice((0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17))
        constraints, defining, rows = [], [], [[rng.getrandbits(32) for _ in range(free)] for _ in range(height)]
        for word in range(free, free + defined):
            a, b, rest = (random_operand(rng, word) for _ in range(3))
            turn = rng.randrange(32)
            constraints.append((a, b, rest ^ whole(word, turn)))
            a, b, rest = map(plain, (a, b, rest))
            for row in rows:
                value = a.value(row) & b.value(row) ^ rest.value(row)
                row.append((value >> turn | value << 32 - turn) & R.WORD)
        width = free + defined
        if rng.randrange(2):  # one that holds whatever the row
            constraints.insert(0, (Merged(), random_operand(rng, width), Merged()))
        messages = [(*(random_operand(rng, width) for _ in range(4)), rng.randrange(3))
                    for _ in range(rng.randrange(3))]
        own = rng.randrange(2)
        pushes, pulls = list(messages), []
        if own and messages:  # pulled by the row that pushed it, half of it twice
            *words, k = messages[0]
            pulls += [(*words, k)] if k == 0 else [(*words, k - 1)] * 2
            messages = messages[1:]
        described.append((f"table {number}", width, tuple(constraints), tuple(pushes), tuple(pulls)))
        heights.append(height), witness.append([tuple(row) for row in rows])
        for *words, k in messages:
            sent = [tuple(plain(o).value(row) for o in words) for row in rows]
            if rng.randrange(2):
                pulled += [m for m in sent for _ in range(1 << k)]
                continue
            turns, masks = [rng.randrange(32) for _ in range(4)], [rng.getrandbits(32) for _ in range(4)]
            copied = [tuple(((w ^ m) >> d | (w ^ m) << 32 - d) & R.WORD for w, m, d in zip(message, masks, turns))
                      for message in sent for _ in range(1 << k)]
            rng.shuffle(copied)
            described.append((f"copy of {number}", 4, (), (), (
                (*(whole(word, d) ^ m for word, d, m in zip(range(4), turns, masks)), 0),)))
            heights.append(len(copied)), witness.append(copied)
    extra = tuple(rng.getrandbits(32) for _ in range(4))
    order = list(range(len(described)))
    rng.shuffle(order)
    described, heights, witness = ([items[i] for i in order] for items in (described, heights, witness))
    system = System(tuple(described))
    statement = R.Statement(FEW, system.tables, tuple(heights), ((*pushed, extra), (extra, *pulled)), (seed,))
    statement = R.least(statement, rng.randrange(2))
    assert not R.complaints(statement, witness)
    return system, [honest(f"seed {seed}", statement, witness)]


if __name__ == "__main__":
    write("toy.json", [(TOY, toy_cases())])
    write("cheating.json", [(TOY, cheating_cases()), *exponent_systems(), *early_systems()])
    write("random.json", [random_system(seed) for seed in range(12)])
