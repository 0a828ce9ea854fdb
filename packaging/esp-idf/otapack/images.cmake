# SPDX-License-Identifier: Apache-2.0
# The OTA image of an ESP-IDF project, as the options in Kconfig say it, and the targets to look at it.

# A published component has otapack_image() in a folder of its own; in otapack's repository it is where
# other projects find it.
set(_otapack_cmake ${CMAKE_CURRENT_LIST_DIR}/cmake)
if(NOT EXISTS ${_otapack_cmake})
    set(_otapack_cmake ${CMAKE_CURRENT_LIST_DIR}/../../cmake)
endif()
include(${_otapack_cmake}/otapack.cmake)
unset(_otapack_cmake)

set(_OTAPACK_IDF_RECIPE ${CMAKE_CURRENT_LIST_DIR}/app.yaml)

# ---- What the project has -----------------------------------------------------------------------

# _otapack_idf_app(APP STAMP): the app as it is flashed, and what the build knows to be new when the
# app is. ESP-IDF's rules name a file beside it as what they write; depending on the app itself would
# be depending on a file that nothing makes.
function(_otapack_idf_app app stamp)
    idf_build_get_property(build_dir BUILD_DIR)
    idf_build_get_property(name EXECUTABLE_NAME)
    if(NOT name)
        idf_build_get_property(name PROJECT_NAME)
    endif()
    set(file "${build_dir}/${name}.bin")
    set(${app} "${file}" PARENT_SCOPE)
    if(IDF_BUILD_V2)
        set(${stamp} "${file}" PARENT_SCOPE)
    elseif(CONFIG_SECURE_BOOT_BUILD_SIGNED_BINARIES)
        set(${stamp} "${build_dir}/.signed_bin_timestamp" PARENT_SCOPE)
    else()
        set(${stamp} "${build_dir}/.bin_timestamp" PARENT_SCOPE)
    endif()
endfunction()

# _otapack_idf_table(OUT): the project's partition table, or nothing.
function(_otapack_idf_table out)
    set(${out} "" PARENT_SCOPE)
    if(CONFIG_OTAPACK_PARTITION_TABLE AND TARGET partition_table_bin)
        idf_build_get_property(build_dir BUILD_DIR)
        set(${out} "${build_dir}/partition_table/partition-table.bin" PARENT_SCOPE)
    endif()
endfunction()

# _otapack_idf_file(OUT FILE): what an option names is relative to the project.
function(_otapack_idf_file out file)
    if(file AND NOT file MATCHES "^pkcs11:")
        idf_build_get_property(project_dir PROJECT_DIR)
        get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${project_dir}")
    endif()
    set(${out} "${file}" PARENT_SCOPE)
endfunction()

# _otapack_idf_number(OUT VALUE...): the first that is there and not 0.
function(_otapack_idf_number out)
    set(${out} "" PARENT_SCOPE)
    foreach(value IN LISTS ARGN)
        if(NOT value MATCHES "^(0x)?0*$")
            set(${out} "${value}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

# _otapack_idf_version(OUT): the number that the app was built with, as the Matter SDK takes it; older
# ones take the option where the project has no number of its own.
function(_otapack_idf_version out)
    set(numbers "${CONFIG_OTAPACK_MATTER_VERSION_NUMBER}")
    if(CONFIG_APP_PROJECT_VER_FROM_CONFIG)
        list(APPEND numbers "${CONFIG_DEVICE_SOFTWARE_VERSION_NUMBER}")
    endif()
    list(APPEND numbers "${PROJECT_VER_NUMBER}" "${CONFIG_DEVICE_SOFTWARE_VERSION_NUMBER}")
    _otapack_idf_number(number ${numbers})
    set(${out} "${number}" PARENT_SCOPE)
endfunction()

# ---- What the options say -----------------------------------------------------------------------

# _otapack_idf_problem(TEXT): the first one is what the build fails with. It fails then and not now:
# menuconfig, which mends most, is a target too.
function(_otapack_idf_problem text)
    if(NOT problem)
        set(problem "otapack: ${text}" PARENT_SCOPE)
    endif()
endfunction()

# _otapack_idf_lacks(WHAT REMEDY): the problem of an option that is not set.
function(_otapack_idf_lacks what remedy)
    _otapack_idf_problem("sdkconfig: ${what}; ${remedy} (menuconfig: Component config, OTA image)")
    set(problem "${problem}" PARENT_SCOPE)
endfunction()

# _otapack_idf_text(OUT VALUE): as a text in YAML.
function(_otapack_idf_text out value)
    string(REGEX REPLACE "([\\\"])" "\\\\\\1" value "${value}")
    set(${out} "\"${value}\"" PARENT_SCOPE)
endfunction()

# _otapack_idf_rcp(), _otapack_idf_encrypt(), _otapack_idf_matter(): what an option adds to the recipe,
# as otapack's --set has it, goes to `settings`.
macro(_otapack_idf_rcp)
    set(folder "${CONFIG_OTAPACK_RCP_BUILD_DIR}")
    if(NOT folder)
        set(folder "${CONFIG_RCP_SRC_DIR}")
    endif()
    if(NOT folder)
        _otapack_idf_lacks("it does not say where the RCP was built" "set OTAPACK_RCP_BUILD_DIR")
    endif()
    _otapack_idf_file(folder "${folder}")
    _otapack_idf_text(folder "${folder}")
    list(APPEND settings "rcp.build_dir=${folder}")
    if(CONFIG_OTAPACK_RCP_SEAL AND CONFIG_OTAPACK_SIGN)
        list(APPEND settings "rcp.seal=required")
    elseif(CONFIG_OTAPACK_RCP_SEAL)
        list(APPEND settings "rcp.seal=true")
    endif()
endmacro()

macro(_otapack_idf_sign)
    if(NOT CONFIG_OTAPACK_SIGN_KEY)
        _otapack_idf_lacks("it has no key to sign with" "set OTAPACK_SIGN_KEY")
    endif()
    if(CONFIG_SECURE_SIGNED_APPS_ECDSA_SCHEME)
        list(APPEND settings "sign.scheme=secure-boot-v1")
    endif()
    _otapack_idf_file(key "${CONFIG_OTAPACK_SIGN_KEY}")
    string(REPLACE ";" "\\;" key "${key}") # a URI has some, and lists are what it goes through
endmacro()

macro(_otapack_idf_encrypt)
    if(NOT CONFIG_OTAPACK_ENCRYPT_KEY)
        _otapack_idf_lacks("it has no key to encrypt for" "set OTAPACK_ENCRYPT_KEY")
    endif()
    _otapack_idf_file(public "${CONFIG_OTAPACK_ENCRYPT_KEY}")
    _otapack_idf_text(public "${public}")
    list(APPEND settings "encrypt.key=${public}")
endmacro()

macro(_otapack_idf_matter)
    foreach(id VENDOR PRODUCT)
        string(TOLOWER "${id}" name)
        _otapack_idf_number(number "${CONFIG_OTAPACK_MATTER_${id}_ID}" "${CONFIG_DEVICE_${id}_ID}")
        if(NOT number)
            _otapack_idf_lacks("it has no Matter ${name} ID" "set OTAPACK_MATTER_${id}_ID")
        endif()
        list(APPEND settings "matter.${name}_id=${number}")
    endforeach()
    _otapack_idf_version(number)
    if(NOT number)
        _otapack_idf_lacks("it has no Matter version number"
            "set PROJECT_VER_NUMBER in CMakeLists.txt, or OTAPACK_MATTER_VERSION_NUMBER")
    endif()
    list(APPEND settings "matter.software_version=${number}")
    foreach(border MIN MAX)
        _otapack_idf_number(number "${CONFIG_OTAPACK_MATTER_${border}_VERSION}")
        if(number)
            string(TOLOWER "${border}" name)
            list(APPEND settings "matter.${name}_applicable_software_version=${number}")
        endif()
    endforeach()
    if(CONFIG_OTAPACK_MATTER_RELEASE_NOTES)
        _otapack_idf_text(url "${CONFIG_OTAPACK_MATTER_RELEASE_NOTES}")
        list(APPEND settings "matter.release_notes_url=${url}")
    endif()
endmacro()

# ---- The targets --------------------------------------------------------------------------------

# _otapack_idf_program(): OTAPACK_EXECUTABLE, by which otapack_image() finds it too. One that has gone is
# looked for again.
macro(_otapack_idf_program)
    if(NOT EXISTS "${OTAPACK_EXECUTABLE}")
        unset(OTAPACK_EXECUTABLE CACHE)
    endif()
    set(program otapack)
    if(NOT "$ENV{OTAPACK}" STREQUAL "")
        set(program "$ENV{OTAPACK}")
    endif()
    find_program(OTAPACK_EXECUTABLE NAMES "${program}" NO_CMAKE_FIND_ROOT_PATH
        DOC "The program otapack")
    if(NOT OTAPACK_EXECUTABLE)
        _otapack_idf_problem(
            "there is no program ${program}; install otapack, or set OTAPACK to where it is")
    endif()
endmacro()

# _otapack_idf_fails(NAME [ALL]): a target that says the problem. CMake runs again after it.
function(_otapack_idf_fails name)
    set(said "${CMAKE_BINARY_DIR}/CMakeFiles/${name}.problem")
    file(CONFIGURE OUTPUT "${said}" CONTENT "@problem@\n" @ONLY)
    add_custom_target(${name} ${ARGN}
        COMMAND "${CMAKE_COMMAND}" -E cat "${said}"
        COMMAND "${CMAKE_COMMAND}" -E touch "${CMAKE_BINARY_DIR}/CMakeCache.txt"
        COMMAND "${CMAKE_COMMAND}" -E false
        VERBATIM)
endfunction()

# _otapack_idf_image(IMAGE): the target otapack-image, which makes this file.
function(_otapack_idf_image image)
    _otapack_idf_app(app stamp)
    idf_build_get_property(build_dir BUILD_DIR)
    idf_build_get_property(name PROJECT_NAME)
    idf_build_get_property(version PROJECT_VER)
    set(defines "APP=${app}" "BUILD_DIR=${build_dir}" "PROJECT_NAME=${name}" "PROJECT_VER=${version}")
    _otapack_idf_version(number)
    if(number)
        list(APPEND defines "PROJECT_VER_NUMBER=${number}")
    endif()
    set(recipe "${_OTAPACK_IDF_RECIPE}")
    if(CONFIG_OTAPACK_RECIPE)
        _otapack_idf_file(recipe "${CONFIG_OTAPACK_RECIPE}")
    endif()
    set(signed "")
    if(key)
        set(signed KEYS "${key}")
    endif()
    set(fits "")
    if(table)
        set(fits PARTITION_TABLE "${table}")
    endif()
    otapack_image(otapack-image
        RECIPE "${recipe}"
        OUTPUT "${image}"
        DEFINES ${defines}
        SET ${settings}
        ${signed}
        ${fits}
        OPTIONS ${allowed}
        DEPENDS "${stamp}" ${table})
    add_dependencies(otapack-image ${made})
endfunction()

# _otapack_idf_looks(VERB FILE): the target otapack-VERB, which looks with `options` at the image, or at
# the app of a project that makes none.
function(_otapack_idf_looks verb file)
    if(problem)
        _otapack_idf_fails(otapack-${verb})
        return()
    endif()
    add_custom_target(otapack-${verb}
        COMMAND "${OTAPACK_EXECUTABLE}" ${verb} ${options} "${file}"
        WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
        USES_TERMINAL VERBATIM)
    add_dependencies(otapack-${verb} ${made})
    if(TARGET otapack-image)
        add_dependencies(otapack-${verb} otapack-image)
    endif()
endfunction()

# _otapack_idf_verify(OUT): what the project says that its image must be. One that is encrypted was
# looked at when it was built, and is closed now.
function(_otapack_idf_verify out)
    set(options ${allowed})
    if(NOT CONFIG_OTAPACK_ENCRYPT)
        if(table)
            list(APPEND options --partition-table "${table}")
        endif()
        if(CONFIG_SECURE_BOOT_BUILD_SIGNED_BINARIES)
            _otapack_idf_file(key "${CONFIG_SECURE_BOOT_SIGNING_KEY}")
        endif()
        if(key)
            list(APPEND options --key "${key}")
        endif()
        if(CONFIG_OTAPACK_DEVICE)
            _otapack_idf_file(device "${CONFIG_OTAPACK_DEVICE}")
            list(APPEND options --device "${device}")
        endif()
    endif()
    set(${out} "${options}" PARENT_SCOPE)
endfunction()

# _otapack_idf_options(): all that the options say; `parts` are those that want an image.
macro(_otapack_idf_options)
    foreach(part RECIPE RCP SIGN ENCRYPT MATTER)
        if(CONFIG_OTAPACK_${part})
            list(APPEND parts ${part})
            string(TOLOWER "_otapack_idf_${part}" command)
            if(COMMAND ${command})
                cmake_language(CALL ${command})
            endif()
        endif()
    endforeach()
    string(REGEX MATCHALL "[^ ,]+" ids "${CONFIG_OTAPACK_ALLOW}")
    foreach(id IN LISTS ids)
        list(APPEND allowed --allow ${id})
    endforeach()
    if(parts AND CONFIG_CHIP_OTA_IMAGE_BUILD)
        _otapack_idf_problem("sdkconfig: two want to write the OTA image; turn CHIP_OTA_IMAGE_BUILD off")
    endif()
endmacro()

# otapack_idf(): everything; called in the scope of the project.
function(otapack_idf)
    if(NOT TARGET app)
        return()
    endif()
    foreach(variable problem parts settings key allowed)
        set(${variable} "")
    endforeach()
    _otapack_idf_program()
    _otapack_idf_options()
    _otapack_idf_table(table)
    set(made app)
    if(table)
        list(APPEND made partition_table_bin)
    endif()

    _otapack_idf_app(file stamp)
    if(parts)
        idf_build_get_property(build_dir BUILD_DIR)
        idf_build_get_property(name PROJECT_NAME)
        set(file "${build_dir}/${name}-ota.bin")
    endif()
    if(parts AND problem)
        _otapack_idf_fails(otapack-image ALL)
    elseif(parts)
        _otapack_idf_image("${file}")
    endif()
    set(options "")
    _otapack_idf_looks(inspect "${file}")
    _otapack_idf_verify(options)
    _otapack_idf_looks(verify "${file}")
endfunction()
