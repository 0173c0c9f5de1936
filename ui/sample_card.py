"""Sample card: where the sample of a material stands and lies, its own photo, and how it feels in the hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QDate,
    QIODevice,
    QMimeData,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageReader,
    QImageWriter,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from advisor.laboratory import MOST_PHOTO, STATES, Sample
from ui.combos import Combo, Item
from ui.session import Session
from ui.theme import Theme, interface_font, space
from ui.widgets import ElidedLabel, Themed, restyle

_PHOTO: Final = QSize(220, 165)
#: Longest side of a kept photo, px: enough to see the weave, little enough to carry.
_LONGEST: Final = 960


def state_words(state: str) -> str:
    """What became of a sample."""
    return {
        "requested": QCoreApplication.translate("Sample", "requested"),
        "sent": QCoreApplication.translate("Sample", "sent"),
        "received": QCoreApplication.translate("Sample", "received"),
        "approved": QCoreApplication.translate("Sample", "approved"),
        "rejected": QCoreApplication.translate("Sample", "rejected"),
    }.get(state, state)


def today() -> str:
    """This day as samples and reports keep it."""
    return QDate.currentDate().toString(Qt.DateFormat.ISODate)


def photo_of(image: QImage) -> bytes:
    """A picture as a sample keeps it: a JPEG no longer than 960 px and within the size of one; b"" for no picture."""
    if image.isNull():
        return b""
    if max(image.width(), image.height()) > _LONGEST:
        image = image.scaled(
            _LONGEST, _LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    # A PNG where this Qt came without its JPEG plugin.
    for kind, quality in ((b"jpeg", 85), (b"jpeg", 70), (b"jpeg", 50), (b"jpeg", 30), (b"png", -1)):
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(kind))
        writer.setQuality(quality)
        if writer.write(image) and 0 < content.size() <= MOST_PHOTO:
            return bytes(content.data())
    return b""


def read_photo(path: Path) -> bytes:
    """The picture in a file as a sample keeps it, turned as the camera held it; b"" where it is none."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    return photo_of(reader.read())


def dropped_photo(mime: QMimeData) -> bytes:
    """The picture somebody drags or pastes, as a sample keeps it; b"" where it is none."""
    if mime.hasImage():
        found = mime.imageData()
        if isinstance(found, QPixmap):
            found = found.toImage()
        if isinstance(found, QImage):
            return photo_of(found)
    for address in mime.urls():
        if address.isLocalFile():
            return read_photo(Path(address.toLocalFile()))
    return b""


def may_be_photo(mime: QMimeData) -> bool:
    """Whether what is dragged is a picture by its kind or the file's name."""
    if mime.hasImage():
        return True
    known = {bytes(kind.data()).decode() for kind in QImageReader.supportedImageFormats()}
    return any(
        address.isLocalFile() and Path(address.toLocalFile()).suffix.lstrip(".").casefold() in known
        for address in mime.urls()
    )


def paint_photo(painter: QPainter, box: QRectF, photo: QPixmap, radius: float) -> None:
    """A photo that fills a box with rounded corners, cut in its middle."""
    if photo.isNull():
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    painter.setClipPath(path)
    scale = max(box.width() / photo.width(), box.height() / photo.height())
    wide, high = box.width() / scale, box.height() / scale
    cut = QRectF((photo.width() - wide) / 2, (photo.height() - high) / 2, wide, high)
    painter.drawPixmap(box, photo, cut)
    painter.restore()


class PhotoBox(QWidget, Themed):
    """The photo, or where to drop one.

    Signals: ``dropped(bytes)`` with the picture as a sample keeps it, empty where it was none.
    """

    dropped = Signal(object)

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._photo = QPixmap()
        self.setFixedSize(_PHOTO)
        self.setAcceptDrops(True)
        self._face = interface_font("body")
        self.show_photo(b"")

    def show_photo(self, photo: bytes) -> None:
        """Show a photo, or that there is none."""
        self._photo = QPixmap()
        if photo:
            self._photo.loadFromData(photo)
        self.setAccessibleName(self.tr("Photo of the sample") if photo else self.tr("No photo yet"))
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_be_photo(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(dropped_photo(event.mimeData()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if not self._photo.isNull():
            paint_photo(painter, box, self._photo, 8)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._look.colour("edge"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(self._look.colour("panel"))
        painter.drawRoundedRect(box, 8, 8)
        painter.setFont(self._face)
        painter.setPen(self._look.colour("ink3"))
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, self.tr("Drop a picture of your own here"))


class SampleDialog(QDialog):
    """The sample of one material; what is kept here is undone as any change.

    Args:
        session: whose stock keeps the sample.
        look: the theme.
        material: id of the material.
    """

    def __init__(self, session: Session, look: Theme, material: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look, self._material = session, look, material
        held = session.stock.sample(material)
        self._sample = held or Sample(material)
        self._photo = self._sample.photo
        self.setWindowTitle(self.tr("Sample"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table = session.stock.under
        name = table.names[table.index[material]] if material in table.index else material
        title = ElidedLabel(look, name, kind="title", bold=True, parent=self)
        self.picture = PhotoBox(look, self)
        self.picture.dropped.connect(self._dropped)
        self.choose = QPushButton(self.tr("Choose…"), self)
        self.choose.setAccessibleName(self.tr("Choose a picture"))
        self.paste = QPushButton(self.tr("Paste"), self)
        self.paste.setAccessibleName(self.tr("Paste a picture"))
        self.clear = QPushButton(self.tr("Take out"), self)
        self.clear.setAccessibleName(self.tr("Take the picture out"))
        for button, then in ((self.choose, self._choose), (self.paste, self._paste), (self.clear, self._clear)):
            button.setAutoDefault(False)
            button.setStyleSheet("QPushButton { padding: 0 6px; } QPushButton:focus { padding: 0 5px; }")
            button.clicked.connect(then)
        under = QHBoxLayout()
        under.setSpacing(space(1))
        for button in (self.choose, self.paste, self.clear):
            under.addWidget(button, 1)
        pictures = QVBoxLayout()
        pictures.setSpacing(space(1.5))
        pictures.addWidget(self.picture)
        pictures.addLayout(under)
        pictures.addStretch(1)
        self.state = Combo(self.tr("State"), [Item(state, state_words(state)) for state in STATES], self)
        self.state.setCurrentIndex(self.state.findData(self._sample.state))
        self.date = QLineEdit(self._sample.since or today(), self)
        self.drawer = QLineEdit(self._sample.drawer, self)
        self.drawer.setMaxLength(40)
        self.hand = QPlainTextEdit(self._sample.hand, self)
        self.hand.setTabChangesFocus(True)
        self.hand.setPlaceholderText(self.tr("How it feels, folds and sounds; colour; what the client said"))
        self.hand.setMinimumHeight(84)
        self._history = QLabel(self)
        self._history.setWordWrap(True)
        self._history.setProperty("ink", "3")
        self._history.setProperty("type", "caption")
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(space(1.5))
        grid.setColumnStretch(1, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("State"), self.state),
            (self.tr("Since"), self.date),
            (self.tr("Drawer"), self.drawer),
            (self.tr("Hand and note"), self.hand),
        )
        for row, (text, field) in enumerate(fields):
            label = QLabel(text, self)
            label.setProperty("ink", "2")
            label.setBuddy(field)
            label.setMinimumHeight(28)
            label.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
            field.setAccessibleName(text)
            field.setMinimumHeight(max(28, field.minimumHeight()))
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, row, 1)
        facts = QVBoxLayout()
        facts.setSpacing(space(1.5))
        facts.addLayout(grid)
        facts.addWidget(self._history)
        facts.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(space(4))
        body.addLayout(pictures)
        body.addLayout(facts, 1)
        self._wrong = ElidedLabel(look, ink="bad", kind="caption", parent=self)
        self.forget = QPushButton(self.tr("Delete sample"), self)
        self.forget.setAutoDefault(False)
        self.forget.setVisible(held is not None)
        self.forget.clicked.connect(self._forget)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.keep = QPushButton(self.tr("Keep"), self)
        self.keep.setProperty("kind", "primary")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.accept)
        for button in (self.choose, self.paste, self.clear, self.forget, cancel, self.keep):
            button.setMinimumHeight(28)
        foot = QHBoxLayout()
        foot.setSpacing(space(2))
        foot.addWidget(self.forget)
        foot.addWidget(self._wrong, 1)
        foot.addWidget(cancel)
        foot.addWidget(self.keep)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(3))
        box.addWidget(title)
        box.addLayout(body, 1)
        box.addLayout(foot)
        self.resize(560, 340)
        self.state.currentIndexChanged.connect(self._state_chosen)
        self._show_photo()
        self._show_history()
        self.state.setFocus()

    # --- the photo -----------------------------------------------------------------------------------------------

    @Slot(object)
    def _dropped(self, photo: bytes) -> None:
        if not photo:
            self._wrong.set_text(self.tr("That is no picture this program can read."))
            return
        self._photo = photo
        self._wrong.set_text("")
        self._show_photo()

    @Slot()
    def _choose(self) -> None:
        kinds = " ".join(f"*.{bytes(kind.data()).decode()}" for kind in QImageReader.supportedImageFormats())
        named = self.tr("Pictures ({kinds})").format(kinds=kinds)
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", named)
        if path:
            self._dropped(read_photo(Path(path)))

    @Slot()
    def _paste(self) -> None:
        self._dropped(dropped_photo(QGuiApplication.clipboard().mimeData()))

    @Slot()
    def _clear(self) -> None:
        self._photo = b""
        self._show_photo()

    def _show_photo(self) -> None:
        self.picture.show_photo(self._photo)
        self.clear.setEnabled(bool(self._photo))

    # --- state ---------------------------------------------------------------------------------------------------

    @Slot()
    def _state_chosen(self) -> None:
        state = str(self.state.currentData())
        known = next((day for other, day in reversed(self._sample.dates) if other == state), "")
        self.date.setText(known or today())

    def _show_history(self) -> None:
        steps = [
            self.tr("{state} {day}").format(state=state_words(state), day=day) for state, day in self._sample.dates
        ]
        self._history.setText(" · ".join(steps))
        self._history.setVisible(len(steps) > 1)

    def sample(self) -> Sample:
        """The sample as the card has it; a state put in again takes its new day."""
        state, day = str(self.state.currentData()), self.date.text().strip()
        dates = tuple(step for step in self._sample.dates if step[0] != state)
        return replace(
            self._sample,
            state=state,
            drawer=self.drawer.text().strip(),
            hand=self.hand.toPlainText().strip(),
            photo=self._photo,
            dates=(*dates, (state, day)),
        )

    def accept(self) -> None:
        """Keep the sample; undo takes it back."""
        if not QDate.fromString(self.date.text().strip(), Qt.DateFormat.ISODate).isValid():
            self._wrong.set_text(self.tr("Write the day as {example}.").format(example=today()))
            self.date.setFocus()
            return
        found = self.sample()
        if found != self._session.stock.sample(self._material):
            label = self.tr("Sample: {state}").format(state=state_words(found.state))
            self._session.use_stock(self._session.stock.with_sample(found), label)
        super().accept()

    @Slot()
    def _forget(self) -> None:
        self._session.use_stock(self._session.stock.without_sample(self._material), self.tr("Sample deleted"))
        super().reject()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        restyle(self, look)


def sample_line(sample: Sample) -> str:
    """A sample in one line: state and drawer."""
    state = state_words(sample.state)
    state = state[:1].upper() + state[1:]
    if not sample.drawer:
        return state
    return QCoreApplication.translate("Sample", "{state} · drawer {drawer}").format(state=state, drawer=sample.drawer)
