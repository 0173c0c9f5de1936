"""Questions: a short interview of trade-offs that finds who wins, and asks again in other words to catch a slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.elicitation import LEAST_SWING, Level, Swing, levels, scaled, swings
from advisor.materials import Floats
from advisor.properties import CRITERIA
from advisor.turning import least_distance

#: Questions asked at least, where there are that many; asked at most.
LEAST_QUESTIONS: Final = 6
MOST_QUESTIONS: Final = 12
#: Share of the consistent weights for which the winner has to be the same.
SETTLED: Final = 0.95
#: Scores this near are level: the last digit printed.
LEVEL: Final = 0.01
#: "Equal" means: worth the same within this ratio.
EQUAL_RATIO: Final = 1.15
#: Replies.
REPLIES: Final = ("first", "second", "equal")
#: After so many replies, and before the end, something already answered is asked again in other words.
CHECK_AFTER: Final = 4
#: How often a reply is taken to be a slip where the likeliest slip is looked for (working value).
SLIPS: Final = 0.1
_POINTS: Final = 800
_STEPS: Final = 30
_LEVELS: Final = 5
_SEED: Final = 20260
_MOST_ROWS: Final = 500
_FIRST_PLACES: Final = 100
_DRAWS: Final = 4000


@dataclass(frozen=True)
class Question:
    """A choice between two cloths that are alike in all but two criteria.

    The first cloth has ``gain.best`` and ``loss.worst``, the second ``gain.worst`` and ``loss.best``.
    """

    gain: Swing
    loss: Swing

    @property
    def first(self) -> tuple[Level, Level]:
        """The first cloth's levels in the two criteria."""
        return self.gain.best, self.loss.worst

    @property
    def second(self) -> tuple[Level, Level]:
        """The second cloth's levels in the two criteria."""
        return self.gain.worst, self.loss.best

    @property
    def turned(self) -> Question:
        """The same choice with the two cloths in each other's place."""
        return Question(self.loss, self.gain)

    def reply(self, weights: Mapping[str, float]) -> str:
        """What somebody with these weights would say."""
        there = weights[self.gain.criterion] * self.gain.width
        back = weights[self.loss.criterion] * self.loss.width
        if there <= back * EQUAL_RATIO and back <= there * EQUAL_RATIO:
            return "equal"
        return "first" if there > back else "second"


@dataclass(frozen=True, eq=False)
class Interview:
    """Questions answered so far and the weights that agree with them. Frozen; :meth:`answered` gives the next one.

    Attributes:
        criteria: those asked about.
        values: (contenders × criteria) values.
        rows: the contenders' table rows.
        base: (contenders,) score from criteria not asked about (locked, or all but alike), which keep their share.
        left: share of all weight that the criteria asked about have between them.
        candidates: questions that can be asked.
        replies: (question, reply) so far.
        again: numbers of replies that were asked for in other words though the ones before answered them.
        doubted: numbers of replies set aside because the others contradict them, least plausible first.
        points: (points × criteria) sampled weights that agree with all replies not set aside, each summing to 1.
        draws: weights from the whole simplex, and ``winners``, the contender that leads under each.
    """

    criteria: tuple[str, ...]
    values: Floats
    rows: NDArray[np.intp]
    base: Floats
    left: float
    candidates: tuple[Question, ...]
    replies: tuple[tuple[Question, str], ...]
    again: tuple[int, ...]
    doubted: tuple[int, ...]
    points: Floats
    draws: Floats
    winners: NDArray[np.intp]

    @cached_property
    def central(self) -> dict[str, float]:
        """Mean of the consistent weights, summing to 1. The best under them has the least expected regret."""
        mean = self.points.mean(axis=0)
        return dict(zip(self.criteria, (mean / mean.sum()).tolist(), strict=True)) if self.criteria else {}

    @cached_property
    def priorities(self) -> dict[str, float]:
        """The central weights as priorities of the criteria asked about."""
        return scaled(self.central) if self.criteria else {}

    @cached_property
    def _regret(self) -> Floats:
        """(points × contenders) how far each is behind the best."""
        scores = self.left * (self.points @ self.values.T) + self.base
        return np.asarray(scores.max(axis=1, keepdims=True) - scores)

    @cached_property
    def leader(self) -> int | None:
        """Row that leads under the central weights; None where nothing passes."""
        return int(self.rows[np.argmin(self._regret.mean(axis=0))]) if len(self.rows) else None

    @cached_property
    def settled(self) -> float:
        """Share of the consistent weights for which the leader is first, or level with the first."""
        if not len(self.rows):
            return 1.0
        return float((self._regret[:, np.argmin(self._regret.mean(axis=0))] <= LEVEL).mean())

    @cached_property
    def chances(self) -> tuple[tuple[int, float], ...]:
        """(row, share of the consistent weights under which it is first) of all that can still win, likeliest first."""
        if not len(self.rows):
            return ()
        wins = np.bincount(self._regret.argmin(axis=1), minlength=len(self.rows)) / len(self.points)
        order = np.argsort(-wins, kind="stable")
        return tuple((int(self.rows[place]), float(wins[place])) for place in order if wins[place] > 0)

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.question is None

    @property
    def question(self) -> Question | None:
        """What is asked next; None once the winner is settled and six are asked, or twelve are.

        Mostly the question whose reply tells most about who wins. After four replies, and before it ends, it asks
        about something already said, in other words: see :attr:`checks`.
        """
        return self._next[0]

    @property
    def checks(self) -> bool:
        """Whether the present question asks again, in other words, what the replies so far already answer."""
        return self._next[1]

    @cached_property
    def _next(self) -> tuple[Question | None, bool]:
        count = len(self.replies)
        settled = self.settled >= SETTLED
        if count >= MOST_QUESTIONS:
            return None, False
        over = settled and count >= LEAST_QUESTIONS
        # Before it ends something is asked again, unless that was just done.
        if count == CHECK_AFTER or (over and count - 1 not in self.again):
            again = self._asked_again()
            if again is not None:
                return again, True
        return (None if over else self._open()), False

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: number for number, key in enumerate(self.criteria)}

    def _lead(self, points: Floats, questions: Sequence[Question]) -> Floats:
        """(points × questions) logarithm of what the gain is worth over what the loss is."""
        gain = [self._places[one.gain.criterion] for one in questions]
        loss = [self._places[one.loss.criterion] for one in questions]
        ratio = np.array([log(one.gain.width / one.loss.width) for one in questions])
        with np.errstate(divide="ignore"):
            logs = np.log(np.maximum(points, 1e-300))
        return np.asarray(logs[:, gain] - logs[:, loss] + ratio)

    @cached_property
    def _asked(self) -> frozenset[Question]:
        return frozenset(one for question, _ in self.replies for one in (question, question.turned))

    def _open(self) -> Question | None:
        """The question not asked yet whose reply tells most about who wins, or else about the weights."""
        left = [one for one in self.candidates if one not in self._asked]
        if not left:
            return None
        first = (self._lead(self.points, left) > 0).astype(np.float64)
        part = first.mean(axis=0)
        # Mutual information of reply and winner; between equals the more even split.
        wins = np.zeros_like(self._regret)
        wins[np.arange(len(wins)), self._regret.argmin(axis=1)] = 1.0 / len(wins)
        wins = wins[:, wins.any(axis=0)]
        won = wins.sum(axis=0)
        here = first.T @ wins
        merit = _entropy(won[None, :]) - _entropy(here) - _entropy(np.maximum(won - here, 0.0))
        even = part * (1 - part)
        merit = merit + 0.01 * even
        best = int(np.argmax(merit))
        return left[best] if even[best] > 0 and merit[best] > 0 else None

    def _agreement(self, draws: Floats, replies: Sequence[tuple[Question, str]]) -> Floats:
        """(draws × replies) how likely each reply is from somebody with these weights, slips allowed for."""
        ahead = self._lead(draws, [question for question, _ in replies])
        found = np.empty_like(ahead)
        for column, (_, reply) in enumerate(replies):
            lead = ahead[:, column]
            if reply == "equal":
                margin = log(EQUAL_RATIO) - np.abs(lead)
            else:
                margin = lead if reply == "first" else -lead
            found[:, column] = SLIPS + (1 - 2 * SLIPS) / (1 + np.exp(-8.0 * np.clip(margin, -20, 20)))
        return found

    def _asked_again(self) -> Question | None:
        """What is already answered, asked in other words so as to catch a slip that would change who wins.

        Of the questions all consistent weights answer alike, and the replies themselves with the cloths in each other's
        place, the one a slip that matters would most likely be seen by.
        """
        held = [number for number in range(len(self.replies)) if number not in self.doubted]
        said = [self.replies[number] for number in held]
        if not said:
            return None
        draws, winners = self.draws, self.winners
        likely = self._agreement(draws, said)
        whole = likely.prod(axis=1)
        leader = int(np.argmin(self._regret.mean(axis=0)))
        left = [one for one in self.candidates if one not in self._asked]
        lead = self._lead(self.points, left) if left else np.zeros((len(self.points), 0))
        sure = (lead > 0).mean(axis=0)
        implied = [one for one, part in zip(left, sure, strict=True) if part in (0.0, 1.0)]
        shape = [1.0 if part == 1.0 else -1.0 for part in sure if part in (0.0, 1.0)]
        turned = [
            (question.turned, number)
            for number, (question, reply) in zip(held, said, strict=True)
            if reply != "equal" and sum({question, question.turned} >= {one} for one, _ in self.replies) == 1
        ]
        if not implied and not turned:
            return None
        seen = np.zeros(len(implied))
        repeat = np.zeros(len(turned))
        contrary = (self._lead(draws, implied) * np.array(shape) < 0) if implied else np.zeros((len(draws), 0))
        for column, number in enumerate(held):
            other = whole / likely[:, column] * (1 - likely[:, column])
            matters = other * (winners != leader)
            seen += matters @ contrary
            for place, (_, at) in enumerate(turned):
                if at == number:
                    repeat[place] = matters.sum()
        # A reply turned round is plainly the same question: one that follows from several is preferred where as good.
        best_seen = float(seen.max(initial=0.0))
        best_repeat = 0.8 * float(repeat.max(initial=0.0))
        if best_seen <= 0 and best_repeat <= 0:
            return None
        if best_seen >= best_repeat:
            return implied[int(np.argmax(seen))]
        return turned[int(np.argmax(repeat))][0]

    def answered(self, reply: str) -> Interview:
        """The interview after the present question was answered: ``first``, ``second`` or ``equal``.

        Raises:
            ValueError: nothing is asked, or that is no reply.
        """
        if self.question is None or reply not in REPLIES:
            raise ValueError(f"{reply} answers nothing")
        again = (*self.again, len(self.replies)) if self.checks else self.again
        return replace(self.with_replies((*self.replies, (self.question, reply))), again=again)

    def revised(self, number: int, reply: str) -> Interview:
        """The interview with reply ``number`` (from 0) changed to another; later questions stay as they were asked.

        Raises:
            ValueError: there is no such reply.
        """
        if not 0 <= number < len(self.replies) or reply not in REPLIES:
            raise ValueError(f"{reply} is no reply to question {number + 1}")
        changed = list(self.replies)
        changed[number] = (changed[number][0], reply)
        # One after the other, so that it does not matter which way these replies were come by.
        found = replace(self, replies=(), doubted=(), points=self.draws[:_POINTS])  # which were asked again stays
        for count in range(1, len(changed) + 1):
            found = found.with_replies(changed[:count])
        return found

    @cached_property
    def conflict(self) -> tuple[int, ...]:
        """Numbers of replies that cannot all be meant, a smallest set of such; () where all agree.

        Taking any one of them back makes peace among them.
        """
        if not self.doubted:
            return ()
        held = list(range(len(self.replies)))
        for number in range(len(self.replies)):
            rest = [other for other in held if other != number]
            if self._inside([self.replies[other] for other in rest]) is None:
                held = rest
        return tuple(held)

    def with_replies(self, replies: Sequence[tuple[Question, str]]) -> Interview:
        """The interview with these replies in the place of its own, contradictions resolved.

        Where no weights agree with all replies, the least plausible are set aside one by one until some do.
        """
        held = list(range(len(replies)))
        doubted: list[int] = []
        point = self._inside([replies[number] for number in held])
        while point is None:
            gone = self._least_plausible(replies, held)
            held.remove(gone)
            doubted.append(gone)
            point = self._inside([replies[number] for number in held])
        spaces = self._spaces([replies[number] for number in held])
        kept = self.points[(self.points @ spaces.T >= 0).all(axis=1)] if len(spaces) else self.points
        start = kept if len(kept) >= 20 else np.vstack((kept, point[None, :]))
        points = _walk(start, spaces, np.random.Generator(np.random.PCG64(_SEED + len(replies))))
        return replace(self, replies=tuple(replies), doubted=tuple(doubted), points=points)

    def _spaces(self, replies: Sequence[tuple[Question, str]]) -> Floats:
        """Half-spaces, row · weights ≥ 0, of some replies."""
        place = self._places
        found = []
        for question, reply in replies:
            row = np.zeros(len(self.criteria))
            gain, loss = place[question.gain.criterion], place[question.loss.criterion]
            if reply == "equal":
                for a, b in ((EQUAL_RATIO, 1.0), (-1.0, -EQUAL_RATIO)):
                    one = row.copy()
                    one[gain], one[loss] = a * question.gain.width, -b * question.loss.width
                    found.append(one)
            else:
                sign = 1.0 if reply == "first" else -1.0
                row[gain], row[loss] = sign * question.gain.width, -sign * question.loss.width
                found.append(row)
        return np.array(found).reshape(-1, len(self.criteria))

    def _inside(self, replies: Sequence[tuple[Question, str]]) -> Floats | None:
        """Weights inside all half-spaces, None where there are none."""
        spaces = self._spaces(replies)
        rows = np.vstack((np.eye(len(self.criteria)), spaces))
        # Half-spaces through the origin have an inside exactly where they can all be kept by a margin.
        found = least_distance(rows, np.ones(len(rows)))
        if found is None or not (rows @ found > 0).all():
            return None
        return np.asarray(found / found.sum())

    def _least_plausible(self, replies: Sequence[tuple[Question, str]], held: Sequence[int]) -> int:
        """The reply most likely a slip, if every reply may be one: those that make peace by going come first."""
        likely = self._agreement(self.draws, [replies[number] for number in held])
        whole = likely.prod(axis=1)
        wrong = ((1 - likely) / likely * whole[:, None]).sum(axis=0)
        peace = [self._inside([replies[other] for other in held if other != number]) is not None for number in held]
        ranked = sorted(range(len(held)), key=lambda column: (not peace[column], -wrong[column], -column))
        return held[ranked[0]]


def _anywhere(criteria: int, count: int) -> Floats:
    """Weights uniform on the simplex, the same ones every time."""
    return np.random.Generator(np.random.PCG64(_SEED)).dirichlet(np.ones(max(criteria, 1)), count)[:, :criteria]


def _entropy(parts: Floats) -> Floats:
    """Entropy of each row of unscaled shares, times their sum."""
    total = parts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(parts > 0, np.log(parts / total), 0.0)
    return np.asarray(-(parts * logs).sum(axis=1))


def _walk(start: Floats, spaces: Floats, chance: np.random.Generator) -> Floats:
    """Weights uniform over the part of the simplex inside all half-spaces: hit-and-run from consistent weights."""
    count = start.shape[1]
    points = start[np.arange(_POINTS) % len(start)].copy()
    if count < 2:
        return points
    room = np.hstack((points, np.maximum(points @ spaces.T, 0.0)))
    for _ in range(_STEPS):
        way = chance.standard_normal(points.shape)
        way -= way.mean(axis=1, keepdims=True)
        speed = np.hstack((way, way @ spaces.T))
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = -room / speed
        low = np.where(speed > 0, reach, -np.inf).max(axis=1)
        high = np.where(speed < 0, reach, np.inf).min(axis=1)
        step = low + (high - low) * chance.random(len(points))
        step = np.where(np.isfinite(step), step, 0.0)
        room = np.maximum(room + step[:, None] * speed, 0.0)
    points = room[:, :count]
    return np.asarray(points / points.sum(axis=1, keepdims=True))


def interview(answer: Answer) -> Interview:
    """An interview about the present passing materials, before the first question.

    All weights are possible to begin with. Every level shown is one that a passing material has. Deterministic: the
    same answer and the same replies lead to the same questions.
    """
    ranges = [swing for swing in swings(answer) if swing.criterion not in answer.brief.locks]
    criteria = tuple(swing.criterion for swing in ranges)
    places = np.array([CRITERIA.index(key) for key in criteria], dtype=np.intp)
    others = np.array([number for number, key in enumerate(CRITERIA) if key not in criteria], dtype=np.intp)
    shares = np.array([answer.terms.weights()[key] for key in CRITERIA])
    left = 1.0 - float(shares[others].sum())
    points = _anywhere(len(criteria), _POINTS)
    rows = np.asarray(answer.ranking.passing_rows(), dtype=np.intp)
    matrix = answer.values.typical
    base = matrix[np.ix_(rows, others)] @ shares[others]
    if len(rows) > _MOST_ROWS:
        # Of a long list those that lead somewhere; the rest could only win between two of the points.
        asked = np.ascontiguousarray(matrix[np.ix_(rows, places)])
        first = [int(np.argmax(left * (asked @ point) + base)) for point in points[::3]]
        chosen = np.unique([*first, *range(_FIRST_PLACES)])
        rows, base = rows[chosen], base[chosen]
    parts: dict[str, list[Swing]] = {}
    for swing in ranges:
        steps = levels(answer, swing.criterion, _LEVELS)
        parts[swing.criterion] = [
            Swing(swing.criterion, steps[0], step) for step in steps[1:] if step.value - steps[0].value >= LEAST_SWING
        ]
    candidates = []
    for number, one in enumerate(criteria):
        for other in criteria[number + 1 :]:
            for gain in parts[one]:
                # One of the two swings the whole way: smaller steps on both sides only ask the same again.
                candidates += [
                    Question(gain, loss) for loss in parts[other] if gain is parts[one][-1] or loss is parts[other][-1]
                ]
    values, draws = np.ascontiguousarray(matrix[np.ix_(rows, places)]), _anywhere(len(criteria), _DRAWS)
    winners = np.argmax(left * (draws @ values.T) + base, axis=1) if len(rows) else np.zeros(len(draws), dtype=np.intp)
    return Interview(
        criteria=criteria,
        values=values,
        rows=rows,
        base=base,
        left=left,
        candidates=tuple(candidates),
        replies=(),
        again=(),
        doubted=(),
        points=points,
        draws=draws,
        winners=winners,
    )
