# What a person types here; a lone `make` says what there is. Paths may hold spaces: every path below is relative.
# PYTHON=python3.13 chooses a Python, ARGS="--no-browser" goes on to JupyterLab, LESSON=01 names one lesson.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?=
ARGS ?=
LESSON ?=
FORCE ?=
SEED ?=
export PYTHON LESSON FORCE SEED
# Images for containers often set it: every kernel would then compile all of its packages anew.
unexport PYTHONDONTWRITEBYTECODE
RUN := .venv/bin/python

help: ## list what can be typed
	@echo "make lab                opens the lessons in JupyterLab; the first time it sets up .venv"
	@echo "make test               every test, also in a real browser; writes nothing but caches"
	@echo "make restore LESSON=01  gives one lesson back as it was; yours is kept beside it"
	@echo "make update             gets the newest course; lessons you changed stay beside the new ones"
	@echo "make notebooks          runs the lessons and stores them in canonical form; writes notebooks/"
	@echo "make slides             a deck a lesson; writes build/slides"
	@echo "make handouts           the decks on paper, two slides to a page; writes build/handouts"
	@echo "make guide              the instructor's guide, as a page and as PDF; writes build/guide"
	@echo "make pages              the lessons as pages of a website; writes build/pages"
	@echo "make all                slides, handouts, guide and pages; what did not change is not made again"
	@echo "make lite               the course as a website that runs Python in the browser; writes build/lite"
	@echo "make assignments SEED=1 graded tasks for nbgrader, other numbers for each seed; writes build/assignments"
	@echo "make student            the lessons and what opens them, without solutions, as a zip; writes build/student"
	@echo "make test-slides        every deck, page and lesson in a browser, the student edition from top to bottom"
	@echo "make test-oldest        what needs no browser, on the oldest packages and on Pyodide's; in build/"
	@echo "make test-lite          builds that website and tries it in a browser"
	@echo "make test-assignments   grades three made-up students with nbgrader"
	@echo "make data               makes the data sets again; writes data/"
	@echo "make packs LESSON=03    computes again what a lesson reads of long runs, minutes; writes data/"
	@echo "make test-seeds         the claims of lesson 08 on twenty other seeds, half an hour; writes nothing"
	@echo "make lint               formats and checks code and notebooks; writes them"
	@echo "make lock               chooses newer packages; writes tools/locks/"
	@echo "make clean              removes what was built: .venv, caches, build/; never notebooks or data"

lab:
	@sh tools/setup lab
	@exec sh tools/lab $(ARGS)

test:
	@sh tools/setup dev
	@exec sh tools/test $(ARGS)

notebooks:
	@sh tools/setup dev
	@exec $(RUN) tools/notebooks.py $(ARGS)

slides handouts guide pages all:
	@sh tools/setup dev
	@exec $(RUN) tools/publish.py $@ $(ARGS)

lite:
	@sh tools/setup dev
	@exec $(RUN) tools/lite.py

test-lite: lite
	@LITE=1 exec sh tools/test tests/test_lite.py $(ARGS)

assignments:
	@sh tools/setup dev
	@exec $(RUN) tools/assignments.py

test-assignments:
	@sh tools/setup dev
	@GRADING=1 exec sh tools/test tests/test_assignments.py $(ARGS)

student:
	@sh tools/setup dev
	@exec $(RUN) tools/student.py

test-slides:
	@sh tools/setup dev
	@EVERY_LESSON=1 exec sh tools/test tests/test_publish.py tests/test_decks.py tests/test_site.py tests/test_student.py tests/test_open_save.py \
	    tests/test_explorers.py tests/test_any_order.py tests/test_setup.py tests/test_lesson04.py $(ARGS)

test-oldest:
	@sh tools/setup dev
	@exec sh tools/oldest $(ARGS)

restore:
	@sh tools/restore

update:
	@sh tools/restore --update

data:
	@sh tools/setup dev
	@exec $(RUN) tools/data.py

packs:
	@sh tools/setup dev
	@exec $(RUN) tools/packs.py $(LESSON)

test-seeds:
	@sh tools/setup dev
	@exec $(RUN) tools/packs08.py others $(ARGS)

lint:
	@sh tools/setup dev
	@exec $(RUN) tools/lint.py

lock:
	@sh tools/setup dev
	@exec sh tools/lock

# Each is renamed before it is removed: stopped in the middle, nothing half is left that the next run trusts.
clean:
	@rm -rf .clean.part && mkdir .clean.part
	for old in .venv build .pytest_cache .ruff_cache .hypothesis; do \
	    if [ -e $$old ]; then mv $$old .clean.part; fi; done
	rm -rf .clean.part notebooks/*.part notebooks/.*.part
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help lab test notebooks slides handouts guide pages all lite assignments student test-slides test-lite test-assignments test-oldest test-seeds restore update data packs lint lock clean
