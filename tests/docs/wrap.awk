# SPDX-License-Identifier: Apache-2.0
# Lines as a manual page has room for them: what has more than WIDTH characters goes on in the next line, four
# columns further in than it began. It is broken at a blank where there is one.
#   awk -v width=WIDTH -f wrap.awk
{
    match($0, /^ */)
    begins = RLENGTH
    indent = sprintf("%" begins + 4 "s", "")
    while (length($0) > width) {
        at = width + 1
        while (at > begins + 1 && substr($0, at, 1) != " ")
            at--
        if (at <= length(indent) + 1) {
            print substr($0, 1, width)
            $0 = indent substr($0, width + 1)
        } else {
            line = substr($0, 1, at - 1)
            rest = substr($0, at + 1)
            sub(/ +$/, "", line)
            sub(/^ +/, "", rest)
            print line
            $0 = indent rest
        }
    }
    print
}
