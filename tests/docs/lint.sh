# SPDX-License-Identifier: Apache-2.0
# The manual pages are clean mdoc.
. "$SOURCE/tests/cli-lib.sh"

need mandoc
mandoc -Tlint -W warning "$SOURCE"/man/*.[1-9]
