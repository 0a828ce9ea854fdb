# SPDX-License-Identifier: Apache-2.0
# What project.cmake is made of.

# ---- Properties and components ------------------------------------------------------------------

function(idf_build_set_property property value)
    set_property(GLOBAL PROPERTY STAND_IN_${property} "${value}")
    get_property(properties GLOBAL PROPERTY STAND_IN_PROPERTIES)
    if(NOT property IN_LIST properties)
        set_property(GLOBAL APPEND PROPERTY STAND_IN_PROPERTIES ${property})
    endif()
endfunction()

function(idf_build_get_property variable property)
    get_property(value GLOBAL PROPERTY STAND_IN_${property})
    set(${variable} ${value} PARENT_SCOPE)
endfunction()

# A component is an interface library here; what it includes must be there.
function(idf_component_register)
    cmake_parse_arguments(PARSE_ARGV 0 it "" "" "SRCS;INCLUDE_DIRS;REQUIRES")
    if(it_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "the stand-in does not know ${it_UNPARSED_ARGUMENTS}")
    endif()
    add_library(${COMPONENT_NAME} INTERFACE)
    foreach(folder IN LISTS it_INCLUDE_DIRS)
        get_filename_component(folder ${folder} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR})
        if(NOT IS_DIRECTORY ${folder})
            message(FATAL_ERROR "Include directory '${folder}' is not a directory.")
        endif()
        target_include_directories(${COMPONENT_NAME} INTERFACE ${folder})
        set_property(GLOBAL APPEND PROPERTY STAND_IN_INCLUDES ${folder})
    endforeach()
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${COMPONENT_NAME}.includes
        CONTENT "$<TARGET_PROPERTY:${COMPONENT_NAME},INTERFACE_INCLUDE_DIRECTORIES>\n")
endfunction()

# stand_in_components(OUT): ESP-IDF's, the project's, managed ones, and EXTRA_COMPONENT_DIRS, each a
# component itself or a folder of some.
function(stand_in_components out)
    set(found "")
    foreach(folder ${stand_in}/components managed_components ${EXTRA_COMPONENT_DIRS} main components)
        get_filename_component(folder ${folder} ABSOLUTE)
        if(EXISTS ${folder}/CMakeLists.txt)
            list(APPEND found ${folder})
            continue()
        endif()
        file(GLOB files ${folder}/*/CMakeLists.txt)
        foreach(file IN LISTS files)
            get_filename_component(component ${file} DIRECTORY)
            list(APPEND found ${component})
        endforeach()
    endforeach()
    set(${out} "${found}" PARENT_SCOPE)
endfunction()

# stand_in_requirements(COMPONENTS): each CMakeLists.txt is read in a script first.
function(stand_in_requirements components)
    execute_process(COMMAND ${CMAKE_COMMAND} -D ESP_PLATFORM=1 "-Dcomponents=${components}"
        -P ${stand_in}/tools/cmake/requirements.cmake
        RESULT_VARIABLE result ERROR_VARIABLE error)
    if(result)
        message(FATAL_ERROR "${error}")
    endif()
endfunction()

# stand_in_configuration(OUT COMPONENTS): sdkconfig, by every Kconfig file, as CMake code.
function(stand_in_configuration out components)
    set(kconfigs ${stand_in}/Kconfig)
    foreach(component IN LISTS components)
        if(EXISTS ${component}/Kconfig)
            list(APPEND kconfigs ${component}/Kconfig)
        endif()
    endforeach()
    set(file ${CMAKE_BINARY_DIR}/config/sdkconfig.cmake)
    execute_process(COMMAND $ENV{STAND_IN_PYTHON} ${stand_in}/tools/confgen.py
        ${CMAKE_SOURCE_DIR}/sdkconfig ${file} ${kconfigs} COMMAND_ERROR_IS_FATAL ANY)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
        ${CMAKE_SOURCE_DIR}/sdkconfig ${kconfigs})
    set(${out} ${file} PARENT_SCOPE)
endfunction()

# ---- The app ------------------------------------------------------------------------------------

# stand_in_elf(OUT): the executable.
function(stand_in_elf out)
    set(elf ${CMAKE_BINARY_DIR}/${CMAKE_PROJECT_NAME}.elf)
    add_custom_command(OUTPUT ${elf}
        COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/main/app.bin ${elf}
        DEPENDS ${CMAKE_SOURCE_DIR}/main/app.bin VERBATIM)
    set(${out} ${elf} PARENT_SCOPE)
endfunction()

# The rule of the .bin says that it writes a file beside it.
function(stand_in_app)
    stand_in_elf(elf)
    set(build_dir ${CMAKE_BINARY_DIR})
    set(bin ${CMAKE_PROJECT_NAME}.bin)
    set(unsigned ${bin})
    if(CONFIG_SECURE_BOOT_BUILD_SIGNED_BINARIES)
        set(unsigned ${CMAKE_PROJECT_NAME}-unsigned.bin)
    endif()
    add_custom_command(OUTPUT ${build_dir}/.bin_timestamp
        COMMAND ${CMAKE_COMMAND} -E copy ${elf} ${build_dir}/${unsigned}
        COMMAND ${CMAKE_COMMAND} -E md5sum ${build_dir}/${unsigned} > ${build_dir}/.bin_timestamp
        DEPENDS ${elf} VERBATIM)
    add_custom_target(gen_project_binary DEPENDS ${build_dir}/.bin_timestamp)
    add_custom_target(app ALL DEPENDS gen_project_binary)
    set_property(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} APPEND PROPERTY
        ADDITIONAL_CLEAN_FILES ${build_dir}/${unsigned} ${build_dir}/${bin})
    if(CONFIG_SECURE_BOOT_BUILD_SIGNED_BINARIES)
        get_filename_component(key ${CONFIG_SECURE_BOOT_SIGNING_KEY} ABSOLUTE)
        add_custom_command(OUTPUT ${build_dir}/.signed_bin_timestamp
            COMMAND $ENV{STAND_IN_SIGNER} sign --quiet --key ${key} -o ${build_dir}/${bin}
                ${build_dir}/${unsigned}
            COMMAND ${CMAKE_COMMAND} -E md5sum ${build_dir}/${bin} > ${build_dir}/.signed_bin_timestamp
            DEPENDS ${build_dir}/.bin_timestamp VERBATIM)
        add_custom_target(gen_signed_project_binary DEPENDS ${build_dir}/.signed_bin_timestamp)
        add_dependencies(gen_project_binary gen_signed_project_binary)
    endif()
endfunction()

# The newer build system's rule says that it writes the .bin.
function(stand_in_app_v2)
    stand_in_elf(elf)
    set(bin ${CMAKE_BINARY_DIR}/${CMAKE_PROJECT_NAME}.bin)
    add_custom_command(OUTPUT ${bin}
        COMMAND ${CMAKE_COMMAND} -E copy ${elf} ${bin}
        COMMAND ${CMAKE_COMMAND} -E md5sum ${bin} > ${bin}.md5sum
        DEPENDS ${elf} VERBATIM)
    add_custom_target(${CMAKE_PROJECT_NAME}_binary DEPENDS ${bin})
    add_custom_target(app ALL DEPENDS ${CMAKE_PROJECT_NAME}_binary)
endfunction()
