# SPDX-License-Identifier: Apache-2.0
# What the tests of simulate share. Read after cli-lib.sh.

# prints STATUS ARGUMENT...: stdin is exactly what simulate prints.
prints() {
    wanted_status=$1
    shift
    cat >expected
    expect_exit "$wanted_status" otapack simulate "$@"
    no_err
    same expected out
}
