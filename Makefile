# SPDX-License-Identifier: GPL-3.0-or-later
#
# make run        builds Patron and opens the sample project (without a display: writes its report)
# make test       builds and passes all tests
# make sanitize   the tests again under AddressSanitizer and UndefinedBehaviorSanitizer
# make bench      speed, memory and quality beside other programs
# make install    as root, or with DESTDIR

BUILD = build

.PHONY: run all test sanitize bench install clean

run: all
	@tests/run-sample.sh $(BUILD)

all:
	@./setup.sh
	@[ -d $(BUILD) ] || meson setup $(BUILD)
	@ninja -C $(BUILD)

test:
	@./setup.sh test
	@tests/run-tests.sh $(BUILD)-test -Dwerror=true

sanitize:
	@./setup.sh test
	@tests/run-tests.sh $(BUILD)-sanitize -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false

bench: all
	@tests/bench/run.sh $(BUILD)

install: all
	@meson install -C $(BUILD)

clean:
	rm -rf $(BUILD) $(BUILD)-test $(BUILD)-sanitize
