# SPDX-License-Identifier: Apache-2.0
# awk -f match.awk WANT GOT: exit status 0 when GOT is WANT, where a line "..." stands for any lines.

FNR == 1 { file++ }
file == 1 && FILENAME == ARGV[1] { want[++wants] = $0; next }
{ got[++gots] = $0 }

# Where want[from..to] stands in got, at `at` or later; 0: nowhere.
function find(from, to, at,    i, k) {
    for (i = at; i + to - from <= gots; i++) {
        for (k = from; k <= to && want[k] == got[i + k - from]; k++) {
        }
        if (k > to)
            return i
    }
    return 0
}

END {
    at = 1
    for (from = 1; from <= wants + 1; from = to + 2) {
        for (to = from - 1; to < wants && want[to + 1] != "..."; to++) {
        }
        length_ = to - from + 1
        last = to >= wants
        if (length_ == 0) {
            if (last && from == 1 && gots > 0)
                exit 1
            continue
        }
        place = last && from > 1 ? find(from, to, gots - length_ + 1 > at ? gots - length_ + 1 : at) : find(from, to, at)
        if (place == 0 || (from == 1 && place != 1) || (last && place + length_ - 1 != gots))
            exit 1
        at = place + length_
    }
}
