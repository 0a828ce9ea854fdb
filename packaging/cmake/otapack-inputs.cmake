# SPDX-License-Identifier: Apache-2.0
#
# Have an image's inputs changed? For make and others, in whose builds CMake's own DEPFILE goes on to name
# what an image was made of once, and is lost in a folder with a space in its name (3.25); and for every
# CMake before 3.20. otapack.cmake has this run in each build:
#
#   cmake -DDEPFILE=... -DOUTPUT=... -DCHANGED=... -P otapack-inputs.cmake
#
# CHANGED is touched when a file that `otapack build --depfile` named is as new as OUTPUT, or gone.

cmake_minimum_required(VERSION 3.16...3.25)

set(text "")
if(EXISTS "${DEPFILE}")
    file(READ "${DEPFILE}" text)
else()
    file(TOUCH "${CHANGED}")
endif()
# An input on each line but the first; quoted as make wants it.
while(text MATCHES "^[^\n]*\n  ([^\n]+)(.*)$")
    set(input "${CMAKE_MATCH_1}")
    set(text "${CMAKE_MATCH_2}")
    string(REGEX REPLACE " \\\\$" "" input "${input}")
    string(REGEX REPLACE "\\\\([ \t#])" "\\1" input "${input}")
    string(REPLACE "$$" "$" input "${input}")
    if("${input}" IS_NEWER_THAN "${OUTPUT}")
        file(TOUCH "${CHANGED}")
        break()
    endif()
endwhile()
