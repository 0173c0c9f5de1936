# Two commands matter: `make run` and `make test`. Both see to everything they need, and are quick the second time.

# The first Python that is new enough.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
endif
# What `make run` hands to the program: a brief, a project or a table.
ARGS ?=
# What `make test` hands to pytest.
TESTS ?=
# Tests run side by side in so many processes; 0 runs them in one.
WORKERS ?= 2

VENV_PYTHON := .venv/bin/python
BUILD_PYTHON := .venv-build/bin/python

# What is written arrives in the order it was written, in a log too.
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help run test lint bundle e2e record lock clean prepare-runtime prepare-dev prepare-build python

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: prepare-runtime  ## open the program (without a screen: its picture and a ranking in out/); ARGS="my.brief.json"
	@$(VENV_PYTHON) tools/open.py $(ARGS)

test: prepare-dev  ## lint, types and every test; TESTS="tests/advisor -k brief" runs a part
	@failed=; \
	$(VENV_PYTHON) -m ruff check || failed="$$failed lint"; \
	$(VENV_PYTHON) -m ruff format --check || failed="$$failed format"; \
	$(VENV_PYTHON) -m mypy || failed="$$failed types"; \
	QT_QPA_PLATFORM=offscreen $(VENV_PYTHON) -m pytest -n $(WORKERS) --dist worksteal $(TESTS) || failed="$$failed tests"; \
	test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

lint: prepare-dev  ## lint, format and types only
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check
	$(VENV_PYTHON) -m mypy

bundle: prepare-build  ## freeze the program into dist/ from a clean environment, and try the frozen program
	$(BUILD_PYTHON) -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build build.spec
	$(BUILD_PYTHON) tools/try_out.py bundle

e2e: bundle  ## everything that is tried from outside: the frozen program, the wheel, `make run` without a screen
	$(BUILD_PYTHON) tools/try_out.py wheel
	rm -rf out
	env -u DISPLAY -u WAYLAND_DISPLAY $(MAKE) --no-print-directory run
	test -s out/window.png && test -s out/ranking.txt

record: prepare-runtime  ## the real window on a virtual screen, moved by xdotool; frames and log in out/record (needs Xvfb, xdotool)
	@$(VENV_PYTHON) tools/record.py

lock: python  ## write requirements/ anew from pyproject.toml; UPGRADE=1 takes the newest versions
	@$(PYTHON) tools/prepare.py lock
	.venv-lock/bin/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean:  ## remove environments, caches and everything that was written
	rm -rf .venv .venv-old .venv-build .venv-build-old .venv-lock .venv-lock-old .prepare.lock build dist out
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find advisor ui tests tools packaging -name __pycache__ -type d -prune -exec rm -rf {} +

prepare-runtime: python
	@$(PYTHON) tools/prepare.py runtime

prepare-dev: python
	@$(PYTHON) tools/prepare.py dev

prepare-build: python
	@$(PYTHON) tools/prepare.py build --screen

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than Python 3.11; name another with: make PYTHON=/path/to/python3" >&2; exit 1; }
