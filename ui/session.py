"""Session: the one mutable object; holds table, brief, selection and history, and says when any of them changed."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from advisor.answer import Answer, solve
from advisor.brief import Brief
from advisor.certainty import Acceptability, Certainty, Stopped
from advisor.files import write_whole
from advisor.materials import Table, bundled
from advisor.problems import AdvisorError, Problem
from advisor.records import SUFFIX, Records
from advisor.stock import Stock
from ui.jobs import Jobs

if TYPE_CHECKING:
    from advisor.project import Project
    from advisor.turning import Probe

#: Steps of undo kept.
HISTORY = 500
#: How long after a change win shares are begun, ms: longer than a frame, so that they never slow a drag under way.
REST_MS = 40
#: Property columns of the list at most.
MOST_COLUMNS = 4
#: Signs of a remark at most.
REMARK_LENGTH = 300
#: Materials compared side by side, least and most.
COMPARED = (2, 6)


#: Before a view's word for what it wants, in the name of its job.
_WISH = "wish:"


@dataclass(frozen=True)
class Selection:
    """What is looked at, by material id; outside undo.

    Attributes:
        material: the one in the material panel ("" follows the first place).
        rival: the other end of Why ("" follows: the runner-up for the first place, the first place for the rest).
        compared: materials chosen for Compare by hand; empty follows the first three.
        hovered: the one under the pointer, "" for none.
        pinned: the incumbent, which stays on top of the list, "" for none.
        beyond: differences from it are shown from this many per cent on.
        columns: properties shown as columns of the list, at most four.
        order: what places in the list go by: ``score``, or ``weakest`` (demand); everything else stays by score.
    """

    material: str = ""
    rival: str = ""
    compared: tuple[str, ...] = ()
    hovered: str = ""
    pinned: str = ""
    beyond: int = 25
    columns: tuple[str, ...] = ()
    order: str = "score"


@dataclass(frozen=True)
class _Step:
    label: str
    brief: Brief
    stock: Stock
    records: Records


#: What a file holds: the brief alone, or a project.
Kind = Literal["brief", "project"]


class Session(QObject):
    """State of one window. Controls call its methods; views listen to its signals and draw what they carry.

    Signals:
        answered(Answer): a new answer; everything drawn is a function of it.
        ascertained(Certainty | None): win shares of the current answer; None while they are being worked out.
        counted(Acceptability): places taken in the trials of the current answer, where a view asked for them.
        probed(tuple[Probe, ...] | None): figures whose test could turn the first place, where a view asked for them;
            None while they are being worked out.
        selected(Selection): another material is looked at, compared or hovered.
        changed(): undo, redo, title or file changed.
        settled(): the hand let go of a control.
        found(str, object): what a view wanted (:meth:`want`) of the current answer, by the view's word for it.
        remarked(str): the user's remark on a material changed; its id, "" for all.
        noted(Problem): something the user should read.
    """

    answered = Signal(object)
    ascertained = Signal(object)
    counted = Signal(object)
    probed = Signal(object)
    found = Signal(str, object)
    selected = Signal(object)
    changed = Signal()
    settled = Signal()
    remarked = Signal(str)
    noted = Signal(object)
    _due = Signal()

    def __init__(self, table: Table | None = None, brief: Brief | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: What the ranking draws on; ``table`` is what comes of it.
        self.stock = Stock(bundled() if table is None else table)
        self.table = self.stock.table
        self.brief = Brief() if brief is None else brief
        self.selection = Selection()
        #: How long after the present answer work may begin that no frame waits for, ms.
        self.rest_ms = REST_MS
        #: What a project holds beside brief and stock: other briefs, quotes, decisions, remarks.
        self.records = Records()
        self.path: Path | None = None
        #: What the open file is; without one, a brief.
        self.kind: Kind = "brief"
        #: Whether the open file is of a newer program and must not be written over.
        self.read_only = False
        self.certainty: Certainty | None = None
        #: How often each material takes each place; None while it is worked out, or where no view wants it.
        self.acceptability: Acceptability | None = None
        self._places_wanted = False
        #: Figures worth testing, most worth first; None while they are worked out, or where no view wants them.
        self.probes: tuple[Probe, ...] | None = None
        self._probes_wanted = False
        self._wishes: dict[str, Callable[[Answer, Callable[[], bool]], Any]] = {}
        self.answer: Answer = self._solve()
        #: The answer before the change under way: place changes are shown against it.
        self.before: Answer = self.answer
        #: What the file holds, None where that is not known (work brought back).
        self._saved: tuple[Brief, Stock, Records] | None = (self.brief, self.stock, self.records)
        self._file_hash = ""
        self._afresh = False
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._key = ""
        self._jobs = Jobs(self)
        self._jobs.done.connect(self._job_done)
        self._jobs.failed.connect(self._job_failed)
        # A posted event, not a timer: Qt sees to it before it paints, so that one frame shows hand and answer.
        self._pending = False
        #: Whether garbage is looked for again at rest.
        self._garbage_waits = False
        self._due.connect(self._publish_due, Qt.ConnectionType.QueuedConnection)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.start_certainty)

    # --- changes -------------------------------------------------------------------------------------------------

    def edit(self, brief: Brief, label: str, key: str = "") -> None:
        """Put ``brief`` in the place of the present one.

        Args:
            brief: the new brief.
            label: what undo says ("Rain 110 → 154 mm").
            key: edits with the same key merge into one undo step until :meth:`settle`; "" never merges.
        """
        if brief == self.brief:
            return
        if key and key == self._key and self._undo:
            self._undo[-1] = replace(self._undo[-1], label=label)
        else:
            self._push(label)
            self.before = self.answer
        self._key = key
        self._redo.clear()
        self.brief = brief
        self._changed()

    def _push(self, label: str) -> None:
        """Begin an undo step; what was undone can no longer be made again."""
        self._undo.append(_Step(label, self.brief, self.stock, self.records))
        del self._undo[:-HISTORY]
        self._redo.clear()
        self._key = ""

    def settle(self) -> None:
        """The drag is over: the next edit of the same key is an undo step of its own. One that came back is none."""
        if self._key and self._undo and self._undo[-1].brief == self.brief and self._undo[-1].stock is self.stock:
            self._undo.pop()
            self.changed.emit()
        self._key = ""
        self.settled.emit()

    def update(self, label: str, key: str = "", **changes: Any) -> None:
        """:meth:`edit` with ``dataclasses.replace`` on the present brief."""
        self.edit(replace(self.brief, **changes), label, key)

    def use_table(self, table: Table, label: str) -> None:
        """Rank another table in the place of everything that was ranked; undo takes it back."""
        self.use_stock(Stock(table), label)

    def use_stock(self, stock: Stock, label: str, records: Records | None = None) -> None:
        """Rank what comes of another stock (tables added, own figures, specified cloths); undo takes it back.

        ``records`` are what comes with it, as quotes come with their prices.
        """
        if stock is self.stock:
            return
        table = stock.table  # what cannot be merged is refused before anything changes
        self._push(label)
        self.before = self.answer
        self.stock, self.table = stock, table
        if records is not None:
            self._take_records(records)
        self._changed()

    def use_records(self, records: Records, label: str) -> None:
        """Keep other quotes, decisions or remarks; undo takes it back, nothing is ranked anew."""
        if records != self.records:
            self._push(label)
            self._take_records(records)
            self.changed.emit()

    def _take_records(self, records: Records) -> None:
        spoken = records.remarks != self.records.remarks
        self.records = records
        if spoken:
            self.remarked.emit("")

    @property
    def remarks(self) -> Mapping[str, str]:
        """The user's own remarks by material id."""
        return self.records.remarks

    @property
    def briefs(self) -> tuple[Brief, ...]:
        """All briefs of the project, the one worked on first."""
        return (self.brief, *self.records.others)

    def add_brief(self, brief: Brief, label: str) -> None:
        """Work on a further brief; the present one is kept beside it."""
        self._take_briefs(brief, (self.brief, *self.records.others), label)

    def switch_brief(self, number: int, label: str) -> None:
        """Work on another brief of the project: its number in :attr:`briefs`, from 1; the two change places."""
        others = list(self.records.others)
        brief, others[number - 1] = others[number - 1], self.brief
        self._take_briefs(brief, tuple(others), label)

    def remove_brief(self, label: str) -> None:
        """Drop the brief worked on and go on with the next; the last one stays."""
        if self.records.others:
            self._take_briefs(self.records.others[0], self.records.others[1:], label)

    def _take_briefs(self, brief: Brief, others: tuple[Brief, ...], label: str) -> None:
        self._push(label)
        self.before = self.answer
        self.brief, self.records = brief, replace(self.records, others=others)
        self._changed()

    @Slot()
    def undo(self) -> None:
        """Take the last change back."""
        self._step(self._undo, self._redo)

    @Slot()
    def redo(self) -> None:
        """Make the last change taken back again."""
        self._step(self._redo, self._undo)

    def _step(self, source: list[_Step], target: list[_Step]) -> None:
        if not source:
            return
        step = source.pop()
        target.append(_Step(step.label, self.brief, self.stock, self.records))
        self._key = ""
        self._take_records(step.records)
        if step.brief == self.brief and step.stock is self.stock:
            self.changed.emit()
            return
        self.before = self.answer
        self.brief, self.stock = step.brief, step.stock
        self.table = self.stock.table
        self._changed()

    @property
    def undo_label(self) -> str:
        """What undo would take back, "" for nothing."""
        return self._undo[-1].label if self._undo else ""

    @property
    def redo_label(self) -> str:
        """What redo would make again, "" for nothing."""
        return self._redo[-1].label if self._redo else ""

    # --- answers -------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        if not self._pending:
            self._pending = True
            self._due.emit()
        self.changed.emit()

    def flush(self) -> None:
        """Publish a pending change now instead of at the end of this turn of the event loop."""
        if self._pending:
            self._pending = False
            self._publish()

    @Slot()
    def _publish_due(self) -> None:
        self.flush()

    def _publish(self) -> None:
        """One solve for however many edits this turn of the event loop brought."""
        begin = perf_counter()
        if self._key and gc.isenabled():
            # A hand moves something: looking through all there is for garbage takes longer than a frame.
            gc.disable()
            self._garbage_waits = True
        self._jobs.stop("certainty")
        self.answer = self._solve()
        if self._afresh:
            # Another document: its places are measured against no other document's.
            self._afresh, self.before = False, self.answer
        self.certainty = None
        self.acceptability = None
        self.probes = None
        mended = self._keep_selection()
        self.answered.emit(self.answer)
        self.ascertained.emit(None)
        self.probed.emit(None)
        if mended:
            self.selected.emit(self.selection)
        # Over a long table a frame takes longer than the usual rest: what may wait must not begin between two of them.
        self.rest_ms = max(REST_MS, int(3e3 * (perf_counter() - begin)))
        self._rest.start(self.rest_ms)

    def _look_for_garbage(self) -> None:
        if self._garbage_waits:
            self._garbage_waits = False
            gc.enable()

    def _solve(self) -> Answer:
        """The answer by additive value, which all views explain; another method of the brief is a second opinion."""
        return solve(self.table, replace(self.brief, method="additive"))

    @Slot()
    def start_certainty(self) -> None:
        """Work out the win shares of the present answer off the UI thread."""
        self._look_for_garbage()
        answer = self.answer

        def work(stop: Callable[[], bool]) -> tuple[Answer, Certainty]:
            return answer, answer.certainty(stop)

        self._jobs.start("certainty", work)

    def ascertain(self) -> Certainty:
        """The win shares of the present answer, worked out here and now (pictures, papers, tests)."""
        self.flush()
        if self.certainty is None:
            self._take_certainty(self.answer, self.answer.certainty())
        assert self.certainty is not None
        if self._places_wanted and self.acceptability is None:
            self._take_places(self.answer, self.answer.acceptability())
        if self._probes_wanted and self.probes is None:
            from advisor.turning import probes

            self._take_probes(self.answer, probes(self.answer))
        for kind, wish in tuple(self._wishes.items()):
            self._jobs.stop(f"{_WISH}{kind}")
            self._take_found(kind, self.answer, wish(self.answer, lambda: False))
        return self.certainty

    def count_places(self, wanted: bool) -> None:
        """Whether a view shows how often each place is taken; it is worked out after the win shares."""
        self._places_wanted = wanted
        if self.certainty is not None:
            self._start_places()

    def _start_places(self) -> None:
        if not self._places_wanted or self.acceptability is not None:
            return
        answer = self.answer

        def work(stop: Callable[[], bool]) -> tuple[Answer, Acceptability | None]:
            try:
                # A newer answer's win shares wait for the one worker: they come first.
                return answer, answer.acceptability(lambda: stop() or self.answer is not answer)
            except Stopped:
                return answer, None

        self._jobs.start("acceptability", work)

    def seek_probes(self, wanted: bool) -> None:
        """Whether a view shows what to test next; it is worked out after the win shares."""
        self._probes_wanted = wanted
        if self.certainty is not None:
            self._start_probes()

    def _start_probes(self) -> None:
        if not self._probes_wanted or self.probes is not None:
            return
        answer = self.answer

        def work(stop: Callable[[], bool]) -> tuple[Answer, tuple[Probe, ...] | None]:
            from advisor.turning import probes

            return answer, None if stop() or self.answer is not answer else probes(answer)

        self._jobs.start("probes", work)

    def want(self, kind: str, work: Callable[[Answer, Callable[[], bool]], Any] | None) -> None:
        """Have something worked out of every answer, off the UI thread and after the win shares.

        Args:
            kind: the view's word for it, by which ``found`` brings it; a second wish of the same word takes the place
                of the first.
            work: given the answer and a poll that says whether to stop, returns the result or raises Stopped; None ends
                the wish.
        """
        if work is None:
            self._wishes.pop(kind, None)
            self._jobs.stop(f"{_WISH}{kind}")
            return
        self._wishes[kind] = work
        if self.certainty is not None:
            self._grant(kind)

    def _grant(self, kind: str) -> None:
        answer, wish = self.answer, self._wishes[kind]

        def work(stop: Callable[[], bool]) -> tuple[Answer, Any]:
            try:
                return answer, wish(answer, lambda: stop() or self.answer is not answer)
            except Stopped:
                return answer, None  # of an answer that is no more: nobody hears of it

        self._jobs.start(f"{_WISH}{kind}", work)

    def _take_found(self, kind: str, answer: Answer, result: Any) -> None:
        if answer is self.answer and kind in self._wishes:
            self.found.emit(kind, result)

    def _take_probes(self, answer: Answer, found: tuple[Probe, ...] | None) -> None:
        if found is not None and answer is self.answer:
            self.probes = found
            self.probed.emit(found)

    def _take_places(self, answer: Answer, counted: Acceptability | None) -> None:
        if counted is not None and answer is self.answer:
            self.acceptability = counted
            self.counted.emit(counted)

    @property
    def working(self) -> bool:
        """Whether a change or a job is still under way."""
        return self._pending or self._rest.isActive() or self._jobs.busy()

    @Slot(str, object)
    def _job_done(self, kind: str, result: tuple[Answer, Any]) -> None:
        if kind == "certainty":
            self._take_certainty(*result)
            self._start_places()
            self._start_probes()
            for wish in tuple(self._wishes):
                self._grant(wish)
        elif kind == "acceptability":
            self._take_places(*result)
        elif kind == "probes":
            self._take_probes(*result)
        elif kind.startswith(_WISH):
            self._take_found(kind.removeprefix(_WISH), *result)

    def _take_certainty(self, answer: Answer, certain: Certainty) -> None:
        if answer is self.answer:
            self.certainty = certain
            self.ascertained.emit(certain)

    @Slot(str, object)
    def _job_failed(self, kind: str, error: Exception) -> None:
        raise RuntimeError(f"the job {kind} failed") from error

    def place_change(self, row: int) -> int:
        """Places won (positive) or lost by a row since before the last change; 0 where it was or is screened out."""
        weakest = self.selection.order == "weakest"
        now = int((self.answer.by_weakest if weakest else self.answer.ranking).ranks[row])
        before_row = self.before.table.index.get(self.answer.table.ids[row])
        if before_row is None or not now:
            return 0
        then = int((self.before.by_weakest if weakest else self.before.ranking).ranks[before_row])
        return then - now if then else 0

    # --- selection -----------------------------------------------------------------------------------------------

    def select(self, material: str) -> None:
        """Look at a material by id."""
        self._select(replace(self.selection, material=material, rival=""))

    def against(self, rival: str) -> None:
        """Measure the selected material against another one ("" for the usual one)."""
        self._select(replace(self.selection, rival=rival))

    def compare(self, materials: tuple[str, ...]) -> None:
        """Compare these materials (at most six; empty follows the first three)."""
        self._select(replace(self.selection, compared=materials[: COMPARED[1]]))

    def hover(self, material: str) -> None:
        """The pointer is over a material ("" for none)."""
        self._select(replace(self.selection, hovered=material))

    def pin(self, material: str) -> None:
        """Keep a material on top of the list as the incumbent; "" lets go of it."""
        self._select(replace(self.selection, pinned=material))

    def differ_beyond(self, percent: int) -> None:
        """Show differences from the incumbent from this many per cent on."""
        self._select(replace(self.selection, beyond=percent))

    def show_columns(self, keys: tuple[str, ...]) -> None:
        """Show these properties as columns of the list, the first four of them."""
        self._select(replace(self.selection, columns=tuple(dict.fromkeys(keys))[:MOST_COLUMNS]))

    def remark(self, material: str, text: str) -> None:
        """Note something on a material, in one line; "" takes the remark away, and undo the change."""
        text = " ".join(text.split())[:REMARK_LENGTH]
        if text == self.remarks.get(material, ""):
            return
        self._push(self.tr("Remark"))
        self.records = self.records.with_remark(material, text)
        self.remarked.emit(material)
        self.changed.emit()

    def order_by(self, order: str) -> None:
        """Let the places in the list go by ``score`` or by the ``weakest`` demand; no undo step, nothing solved."""
        self._select(replace(self.selection, order=order))

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self.selected.emit(selection)

    def _keep_selection(self) -> bool:
        """Let go of materials the table no longer holds, before a view looks for one; whether there were any."""
        known = self.answer.table.index
        held = self.selection
        kept = replace(
            held,
            material=held.material if held.material in known else "",
            rival=held.rival if held.rival in known else "",
            compared=tuple(key for key in held.compared if key in known),
            hovered=held.hovered if held.hovered in known else "",
            pinned=held.pinned if held.pinned in known else "",
        )
        mended = kept != held
        self.selection = kept
        return mended

    def selected_row(self) -> int | None:
        """Row of the material looked at: the chosen one, else the first place; None in an empty ranking."""
        if self.selection.material:
            return self.answer.table.index[self.selection.material]
        order = self.answer.ranking.order
        return int(order[0]) if len(order) else None

    def rival_row(self) -> int | None:
        """Row of the other end of Why."""
        from advisor.explanation import rival

        row = self.selected_row()
        if row is None:
            return None
        if self.selection.rival:
            other = self.answer.table.index[self.selection.rival]
            if other != row:
                return other
        return rival(self.answer, row)

    def compared_rows(self) -> tuple[int, ...]:
        """Rows to compare: those chosen by hand, else the selected one with the first three (two to six of them)."""
        index = self.answer.table.index
        chosen = [index[key] for key in self.selection.compared]
        if len(chosen) >= COMPARED[0]:
            return tuple(chosen)
        selected = self.selected_row()
        wanted = [*chosen, *([selected] if selected is not None else []), *self.answer.ranking.order[:3].tolist()]
        return tuple(dict.fromkeys(wanted))[: max(3, COMPARED[0])]

    # --- files ---------------------------------------------------------------------------------------------------

    @property
    def modified(self) -> bool:
        """Whether something differs from the file: the brief, and what a project holds beside it."""
        if self._saved is None or self.brief_modified:
            return True
        _, stock, records = self._saved
        graded = self.kind == "brief" or self.stock.measured == stock.measured
        return records != self.records or not self.stock.same(stock) or not graded

    @property
    def words_modified(self) -> bool:
        """Whether the brief or the records beside it differ from the file, whatever table is ranked."""
        return self._saved is None or self.brief_modified or self.records != self._saved[2]

    @property
    def brief_modified(self) -> bool:
        """Whether the brief worked on differs from the file."""
        return self._saved is None or self.brief != self._saved[0]

    @property
    def beyond_brief(self) -> bool:
        """Whether there is more than a brief file holds: own rows, figures, quotes, remarks, a second brief."""
        return self.records != Records() or not self.stock.same(Stock(bundled()))

    @property
    def title(self) -> str:
        """What the window calls the brief: its title, else its file, else ""."""
        return self.brief.title or self.file_title

    @property
    def file_title(self) -> str:
        """The open file's name without its ending, "" where there is none."""
        return self.path.name.removesuffix(SUFFIX).removesuffix(".brief.json") if self.path else ""

    def project(self) -> Project:
        """All that a project file holds, as it stands."""
        from advisor.project import Project, View  # files are seldom the first thing asked for

        chosen = self.selection
        view = View(chosen.pinned, chosen.beyond, chosen.compared, chosen.columns, chosen.order)
        return Project(self.brief, self.stock, self.records, view)

    def new(self) -> None:
        """Start an empty brief; history begins anew. A project's rows and figures go with it, a loose table stays."""
        self._open_brief(Brief(), None, "")

    def open(self, path: Path) -> tuple[Problem, ...]:
        """Open a brief or a project, told apart by ``format``; history begins anew.

        Returns:
            What the user should know of it, as warnings.

        Raises:
            AdvisorError: the file is no readable brief or project; nothing has changed.
        """
        from advisor.project import read_any

        file_hash = _hash_of(path)
        found = read_any(path)
        if isinstance(found, Brief):
            self._open_brief(found, path, file_hash)
            return ()
        self._bring_in(found, path, file_hash)
        return found.told

    def _open_brief(self, brief: Brief, path: Path | None, file_hash: str) -> None:
        kept = self.kind == "brief"
        saved = self._saved[1] if kept and self._saved is not None else Stock(bundled())
        self._open(brief, self.stock if kept else saved, Records())
        self._saved = (brief, saved, Records())
        self.path, self._file_hash, self.kind, self.read_only = path, file_hash, "brief", False
        self._publish_anew()

    def show_project(self, project: Project) -> None:
        """Take a project of no file in the place of everything (pictures); history begins anew."""
        self._bring_in(project, None, "")

    def bring_back(self, project: Project, path: Path | None, file_hash: str, whole: bool) -> None:
        """Take unsaved work in the place of everything, as a change of the file it belongs to; history begins anew.

        Args:
            path: the file, None where it has none; ``file_hash``: as it was when it was read.
            whole: whether the file is a project, and no brief.
        """
        self._bring_in(project, path, file_hash, saved=False)
        self.kind = "project" if whole else "brief"
        self.changed.emit()

    def _bring_in(self, project: Project, path: Path | None, file_hash: str, saved: bool = True) -> None:
        """Take a whole project in the place of everything; history begins anew."""
        self._open(project.brief, project.stock, project.records)
        self._saved = (project.brief, project.stock, project.records) if saved else None
        self.path, self._file_hash, self.read_only = path, file_hash, project.newer
        self.kind = "project"
        shown = project.view
        self.selection = replace(
            Selection(), pinned=shown.pinned, beyond=shown.beyond, compared=shown.compared[: COMPARED[1]],
            columns=tuple(dict.fromkeys(shown.columns))[:MOST_COLUMNS], order=shown.order,
        )  # fmt: skip
        self._publish_anew()
        self.selected.emit(self.selection)

    def _open(self, brief: Brief, stock: Stock, records: Records) -> None:
        table = stock.table  # what cannot be merged is refused before anything changes
        self._undo.clear()
        self._redo.clear()
        self._key = ""
        self.brief, self.stock, self.table = brief, stock, table
        self._take_records(records)

    def _publish_anew(self) -> None:
        self._afresh = True
        self._changed()
        self.flush()

    def kind_for(self, path: Path) -> Kind:
        """What is written into a file of that name: what the open one holds, else by its ending, else what it takes."""
        if path == self.path:
            return self.kind
        name = path.name.casefold()
        if name.endswith(SUFFIX):
            return "project"
        return "brief" if name.endswith(".brief.json") or not self.beyond_brief else "project"

    def save(self, path: Path, kind: Kind | None = None, overwrite: bool = False) -> None:
        """Write the project, or the brief alone, whole or not at all.

        Args:
            kind: what to write; by default :meth:`kind_for` the file. A brief saved out of a project is a copy: the
                project stays open.
            overwrite: write over a file that somebody else changed.

        Raises:
            AdvisorError: the file cannot be written, is of a newer program, or was changed by somebody else since it
                was opened (code ``changed-on-disk``).
        """
        kind = kind or self.kind_for(path)
        if path == self.path:
            self._check(path, overwrite)
        if kind == "project":
            content = self.project().to_bytes()
        else:
            content = (json.dumps(self.brief.to_json(), ensure_ascii=False, indent=1) + "\n").encode()
        write_whole(path, content)
        if kind == "brief" and self.kind == "project" and path != self.path:
            return
        whole = (self.brief, self.stock, self.records)
        beside = whole[1:] if kind == "project" else (self._saved or (None, Stock(bundled()), Records()))[1:]
        self._saved = (self.brief, *beside)
        self.path, self.kind, self.read_only = path, kind, False
        self._file_hash = hashlib.sha256(content).hexdigest()
        self.changed.emit()

    def _check(self, path: Path, overwrite: bool) -> None:
        """Refuse to write over what is not ours."""
        if self.read_only:
            wrong, hint = "is of a newer program and is not written over", "save under another name"
            raise AdvisorError(Problem("newer-version", wrong, hint, file=str(path)))
        if self._file_hash and not overwrite and path.exists() and _hash_of(path) != self._file_hash:
            wrong, hint = "was changed by somebody else", "save under another name"
            raise AdvisorError(Problem("changed-on-disk", wrong, hint, file=str(path)))

    @property
    def file_hash(self) -> str:
        """Hash of the open file when it was read or written, "" for none."""
        return self._file_hash

    def close(self) -> None:
        """Stop background work; the session must not be used afterwards."""
        self._pending = False
        self._rest.stop()
        self._look_for_garbage()
        self._jobs.close()


def _hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes, "" where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
