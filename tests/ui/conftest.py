"""Every window test runs without a screen, in a home of its own, and leaves no window behind."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is imported anywhere
os.environ.pop("QT_STYLE_OVERRIDE", None)

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from ui.theme import Theme, ThemeName, theme


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, caches and documents go under tmp_path, so tests neither read nor write the user's."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("MPLCONFIGDIR", str(home / "matplotlib"))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "settings"))
    return home


@pytest.fixture(autouse=True)
def no_stray_windows() -> Iterator[None]:
    """A top-level widget still visible after a test is a leak; hidden ones are Qt's own (menus, tool tips)."""
    before = set(map(id, QApplication.topLevelWidgets())) if QApplication.instance() else set()
    yield
    if QApplication.instance() is None:
        return
    # Without a screen the clipboard outlives Python, and with it what Python made: the process would crash at its end.
    QApplication.clipboard().clear()
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    stray = [w for w in QApplication.topLevelWidgets() if id(w) not in before and w.isVisible()]
    names = [f"{type(w).__name__} {w.windowTitle()!r}" for w in stray]
    for widget in stray:
        widget.close()
    assert not names, f"windows left open: {names}"


@pytest.fixture(params=["light", "dark"])
def look(request: pytest.FixtureRequest) -> Theme:
    """Each theme in turn."""
    name: ThemeName = request.param
    return theme(name)
