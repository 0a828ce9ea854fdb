# SPDX-License-Identifier: Apache-2.0
#[=[
otapack_image: an image in a CMake build, made again when anything changed that went into it.

    otapack_image(NAME
        RECIPE recipe
        [OUTPUT file]
        [DEFINES NAME=VALUE...]
        [SET KEY=VALUE...]
        [KEYS key...]
        [PARTITION_TABLE file]
        [OPTIONS option...]
        [DEPENDS target-or-file...])

    NAME             the target that makes the image; `all` makes it too
    RECIPE           what is in it: otapack-recipe(5). Relative to this CMakeLists.txt's folder.
    OUTPUT           where it goes, instead of NAME.bin. Relative to the folder of the build that
                     belongs to this CMakeLists.txt; folders that are not there are made. The
                     recipe's own `output` is not used.
    DEFINES          what ${NAME} in the recipe stands for. This is how a recipe comes to know
                     what the build makes: APP=$<TARGET_FILE:app>
    SET              keys of the recipe to replace or to add, such as rcp.build_dir=/rcp/build. File
                     names in it are relative to the recipe.
    KEYS             what signs, in place of the recipe's sign.keys: files with private keys,
                     relative to this CMakeLists.txt's folder, and pkcs11: URIs
    PARTITION_TABLE  the device's, into which the image must fit: partition-table.bin or
                     partitions.csv, relative to this CMakeLists.txt's folder
    OPTIONS          other options of otapack-build(1), such as --allow app-dirty, or --quiet; files
                     in them by their whole path
    DEPENDS          targets that have to be built before, and files besides those that the recipe
                     names, which need not be named

Generator expressions work in all of them but NAME.

For example, beside a recipe that says `app: ${APP}`:

    find_package(otapack REQUIRED)
    otapack_image(ota
        RECIPE light.yaml
        OUTPUT light.ota
        DEFINES APP=${CMAKE_BINARY_DIR}/light.bin PROJECT_VER_NUMBER=${PROJECT_VERSION_MAJOR}
        DEPENDS light)

What the image was made of is known from `otapack build --depfile`: the recipe, all that it names,
keys and partition table. The image is made again when one of these changes, when an argument does,
and when otapack itself does. When a check fails, so does the build, with otapack's line that says
why; the image of before stays as it was.

The path of the image is the property OTAPACK_IMAGE of the target NAME:

    get_target_property(image ota OTAPACK_IMAGE)
    install(FILES ${image} DESTINATION firmware)

The program is, in this order, what OTAPACK_EXECUTABLE says, the target otapack::otapack, and the
otapack in PATH.

CMake 3.16 and later. $<CONFIG> in OUTPUT needs CMake 3.21; without it all configurations write one
file. Ninja cannot read depfiles with $, #, & or ' in a path: such an image is made anew in each build.
#]=]

set_property(GLOBAL PROPERTY OTAPACK_CMAKE_FOLDER "${CMAKE_CURRENT_LIST_DIR}")

# Functions keep the policies that are in force where they are defined.
cmake_policy(VERSION 3.16...3.25)

# _otapack_program(OUT): the program as a path, or as a generator expression that becomes one. One
# that is being built here for another machine cannot be run.
function(_otapack_program out)
    if(NOT OTAPACK_EXECUTABLE AND TARGET otapack::otapack)
        get_target_property(imported otapack::otapack IMPORTED)
        if(imported OR NOT CMAKE_CROSSCOMPILING)
            set(${out} "$<TARGET_FILE:otapack::otapack>" PARENT_SCOPE)
            return()
        endif()
    endif()
    find_program(OTAPACK_EXECUTABLE otapack NO_CMAKE_FIND_ROOT_PATH
        DOC "The program otapack, which otapack_image() runs")
    mark_as_advanced(OTAPACK_EXECUTABLE)
    if(NOT OTAPACK_EXECUTABLE)
        message(FATAL_ERROR "otapack_image: the program otapack is not there; install it and have "
            "it in PATH, or say where it is with -DOTAPACK_EXECUTABLE=FILE")
    endif()
    set(${out} "${OTAPACK_EXECUTABLE}" PARENT_SCOPE)
endfunction()

# _otapack_absolute(OUT FILE BASE): what begins with a generator expression stays as it is.
function(_otapack_absolute out file base)
    if(NOT file MATCHES "^\\$<")
        get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${base}")
    endif()
    set(${out} "${file}" PARENT_SCOPE)
endfunction()

# _otapack_keys(OUT): the keys as a YAML list on one line.
function(_otapack_keys out)
    set(list "")
    set(comma "")
    foreach(key IN LISTS arg_KEYS)
        if(NOT key MATCHES "^pkcs11:")
            _otapack_absolute(key "${key}" "${CMAKE_CURRENT_SOURCE_DIR}")
        endif()
        string(REGEX REPLACE "([\\\"])" "\\\\\\1" key "${key}")
        string(APPEND list "${comma}\"${key}\"")
        set(comma ", ")
    endforeach()
    string(REPLACE ";" "\\;" list "${list}") # as in pkcs11:token=ci;object=release
    set(${out} "[${list}]" PARENT_SCOPE)
endfunction()

# _otapack_options(OUT): the command line's options, of the arguments that otapack_image was given.
function(_otapack_options out)
    set(options "")
    foreach(kind DEFINES SET)
        string(REGEX REPLACE "S$" "" option "${kind}")
        string(TOLOWER "--${option}" option)
        foreach(value IN LISTS arg_${kind})
            string(REPLACE ";" "\\;" value "${value}")
            list(APPEND options ${option} "${value}")
        endforeach()
    endforeach()
    if(arg_KEYS)
        _otapack_keys(keys)
        list(APPEND options --set "sign.keys=${keys}")
    endif()
    if(arg_PARTITION_TABLE)
        _otapack_absolute(table "${arg_PARTITION_TABLE}" "${CMAKE_CURRENT_SOURCE_DIR}")
        list(APPEND options --partition-table "${table}")
    endif()
    set(${out} "${options}" "${arg_OPTIONS}" PARENT_SCOPE)
endfunction()

# _otapack_check(NAME): the arguments that otapack_image was given are whole.
function(_otapack_check name)
    if(arg_UNPARSED_ARGUMENTS)
        list(GET arg_UNPARSED_ARGUMENTS 0 word)
        message(FATAL_ERROR "otapack_image(${name}): '${word}' is no argument; there are RECIPE, "
            "OUTPUT, DEFINES, SET, KEYS, PARTITION_TABLE, OPTIONS, DEPENDS")
    endif()
    foreach(word IN LISTS arg_KEYWORDS_MISSING_VALUES)
        if(word MATCHES "^(RECIPE|OUTPUT|PARTITION_TABLE)$")
            message(FATAL_ERROR "otapack_image(${name}): ${word} has no value; give a file")
        endif()
    endforeach()
    if(NOT arg_RECIPE)
        message(FATAL_ERROR "otapack_image(${name}): there is no RECIPE; give one: RECIPE recipe.yaml")
    endif()
    if(arg_OUTPUT MATCHES "\\$<" AND CMAKE_VERSION VERSION_LESS 3.21)
        message(FATAL_ERROR "otapack_image(${name}): a generator expression in OUTPUT needs CMake 3.21; "
            "give a file")
    endif()
    if(TARGET ${name})
        message(FATAL_ERROR "otapack_image(${name}): there is a target ${name} already; choose "
            "another name")
    endif()
endfunction()

# _otapack_when(OUT NAME DEPFILE OUTPUT): the words of add_custom_command that have the image made again
# when an input changed. Ninja reads depfiles, and from CMake 3.20 on (CMP0116) it knows what they name as
# what the build makes; for others they are read in each build, by a rule that waits for what never
# appears.
function(_otapack_when out name depfile output)
    if(CMAKE_GENERATOR MATCHES "Ninja" AND POLICY CMP0116)
        set(${out} DEPFILE "${depfile}" PARENT_SCOPE)
        return()
    endif()
    get_property(scripts GLOBAL PROPERTY OTAPACK_CMAKE_FOLDER)
    set(never "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.otapack/never")
    set(changed "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.otapack/changed")
    add_custom_command(OUTPUT "${never}" COMMAND "${CMAKE_COMMAND}" -E remove -f "${never}"
        COMMENT "" VERBATIM)
    set_property(SOURCE "${never}" PROPERTY SYMBOLIC ON)
    add_custom_command(OUTPUT "${changed}"
        COMMAND "${CMAKE_COMMAND}" "-DDEPFILE=${depfile}" "-DOUTPUT=${output}" "-DCHANGED=${changed}"
            -P "${scripts}/otapack-inputs.cmake"
        DEPENDS "${never}" ${arg_DEPENDS}
        COMMENT "" VERBATIM)
    set(${out} DEPENDS "${changed}" PARENT_SCOPE)
endfunction()

function(otapack_image name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "RECIPE;OUTPUT;PARTITION_TABLE"
        "DEFINES;SET;KEYS;OPTIONS;DEPENDS")
    _otapack_check("${name}")
    _otapack_program(program)
    _otapack_absolute(recipe "${arg_RECIPE}" "${CMAKE_CURRENT_SOURCE_DIR}")
    if(NOT arg_OUTPUT)
        set(arg_OUTPUT "${name}.bin")
    endif()
    get_filename_component(output "${arg_OUTPUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    get_filename_component(folder "${output}" DIRECTORY)

    set(own "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.otapack")
    set(depfile "${own}/inputs.d")
    if(output MATCHES "\\$<")
        set(depfile "${own}/inputs-$<CONFIG>.d")
    endif()
    _otapack_options(options)
    set(command "${program}" build "${recipe}" "${options}" --output "${output}" --depfile "${depfile}")
    _otapack_when(when "${name}" "${depfile}" "${output}")

    # Makefiles do not see by themselves that a command is another one.
    file(GENERATE OUTPUT "${own}/arguments-$<CONFIG>" CONTENT "${command}\n")
    add_custom_command(OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
        COMMAND ${command}
        DEPENDS "${program}" "${recipe}" "${own}/arguments-$<CONFIG>" ${arg_DEPENDS}
        WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
        COMMENT "Making the image ${name}"
        VERBATIM
        ${when})
    add_custom_target(${name} ALL DEPENDS "${output}")
    set_target_properties(${name} PROPERTIES OTAPACK_IMAGE "${output}")
endfunction()
