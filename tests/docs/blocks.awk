# SPDX-License-Identifier: Apache-2.0
# The examples of a page: README.md (mdoc=0) or a manual page (mdoc=1).
#
#   awk -v mdoc=M -v to=FOLDER -f blocks.awk PAGE          takes the examples out
#   awk -v mdoc=M -v got=FOLDER -f blocks.awk PAGE         prints the page with new output
#
# A block is what stands between ``` lines, or between .Bd -literal and .Ed.
#   - Its first line begins with "$ ": commands and their output. A command that ends in a backslash,
#     or inside single quotes, goes on in the next line. A line "..." of output stands for any lines.
#   - Its first line is "# NAME.yaml" or "/* NAME.c ...": the block is that file.
#   - Anything else is a display, and nothing is done with it.
#
# FOLDER gets N.cmd and N.want for command N, B.file for the file of block B, and `order`:
#   run N LINE BLOCK | file B NAME
# With `got`, the output of command N becomes FOLDER/N.got, where no "..." stands for lines.

function plain(s) {
    if (!mdoc)
        return s
    gsub(/\\&/, "", s)
    gsub(/\\-/, "-", s)
    gsub(/\\\(aq/, "'", s)
    gsub(/\\\(ga/, "`", s)
    gsub(/\\\(ha/, "^", s)
    gsub(/\\\(ti/, "~", s)
    gsub(/\\e/, "\\", s)
    return s
}

function dressed(s) {
    if (!mdoc)
        return s
    gsub(/\\/, "\\e", s)
    gsub(/'/, "\\(aq", s)
    gsub(/`/, "\\(ga", s)
    gsub(/\^/, "\\(ha", s)
    gsub(/~/, "\\(ti", s)
    return s ~ /^\./ ? "\\&" s : s
}


# Does a command go on behind this line of it? It does behind a backslash, and while a \047 is open.
function goes_on(s) {
    s = plain(s)
    quotes += gsub(/\047/, "&", s)
    return s ~ /\\$/ || quotes % 2 == 1
}

function begins(s) { return mdoc ? s ~ /^\.Bd -literal/ : s ~ /^```[a-z]/ }
function ends(s) { return mdoc ? s == ".Ed" : s == "```" }

# Writes the output that command n has now, or keeps the old one.
function end_command(    line, file) {
    if (!n || !in_output)
        return
    in_output = 0
    if (to != "") {
        close(to "/" n ".want")
        return
    }
    if (elided) {
        printf "%s", old
        return
    }
    file = got "/" n ".got"
    while ((getline line <file) > 0)
        print dressed(line)
    close(file)
}

function command(s) {
    printf "%s", plain(s) > (to "/" n ".cmd")
    continued = goes_on(s)
    if (continued)
        printf "\n" > (to "/" n ".cmd")
    else
        close(to "/" n ".cmd")
}

function begin_command(s) {
    end_command()
    n++
    in_output = 1
    elided = 0
    quotes = 0
    old = ""
    if (to != "") {
        print "run", n, FNR, block > (to "/order")
        printf "" > (to "/" n ".want")
        command(substr(s, 3))
    } else {
        print s
        continued = goes_on(s)
    }
}

function file_name(s) {
    if (s ~ /^# [a-zA-Z0-9_-]+\.yaml$/ || s ~ /^\/\* [a-zA-Z0-9_-]+\.c[: ]/) {
        split(s, words, /[ :]+/)
        return words[2]
    }
    return ""
}

function first_line(s) {
    kind = "display"
    if (s ~ /^\$ /)
        kind = "commands"
    else if (file_name(s) != "") {
        kind = "file"
        if (to != "")
            print "file", block, file_name(s) > (to "/order")
    }
}

!inside && begins($0) {
    inside = 1
    block++
    kind = ""
    if (to == "")
        print
    next
}

inside && ends($0) {
    end_command()
    inside = 0
    if (to != "" && kind == "file")
        close(to "/" block ".file")
}

!inside {
    if (to == "")
        print
    next
}

{
    if (kind == "")
        first_line(plain($0))
    if (kind == "file" && to != "")
        print plain($0) > (to "/" block ".file")
    else if (kind == "commands" && continued && to != "")
        command($0)
    else if (kind == "commands" && continued) {
        print
        continued = goes_on($0)
    } else if (kind == "commands" && plain($0) ~ /^\$ /)
        begin_command($0)
    else if (kind == "commands") {
        if (to != "")
            print plain($0) > (to "/" n ".want")
        else
            old = old $0 "\n"
        elided = elided || $0 == "..." || plain($0) == "..."
    } else if (to == "")
        print
}
