# SPDX-License-Identifier: Apache-2.0
# ESP-IDF's build, as far as a component's project_include.cmake and a post-step see it: the same
# properties, variables, targets and rules, in the same order and scopes. The app is a file of the
# project, main/app.bin; its .elf and its .bin are copies of that.
#
# STAND_IN says of which release: 5.0 makes the rule of the app's .bin before components are included,
# 6.1 behind them, and v2 is 6.1 with IDF_BUILD_V2.

set(STAND_IN 5.0 CACHE STRING "5.0, 6.1 or v2")
set(stand_in ${CMAKE_CURRENT_LIST_DIR}/../..)
include(${CMAKE_CURRENT_LIST_DIR}/build.cmake)

# Defined anew twice, CMake's own project() has the name __project.
function(project)
endfunction()
function(_project)
endfunction()

# stand_in_restore_project(): what components take in has CMake's own again.
function(stand_in_restore_project)
    function(project)
        __project(${ARGV})
        foreach(variable PROJECT_NAME PROJECT_VERSION PROJECT_SOURCE_DIR PROJECT_BINARY_DIR)
            set(${variable} "${${variable}}" PARENT_SCOPE)
        endforeach()
    endfunction()
endfunction()

macro(project name)
    __project(${name} NONE)
    stand_in_restore_project()
    idf_build_set_property(PROJECT_NAME "${CMAKE_PROJECT_NAME}")
    idf_build_set_property(PROJECT_DIR "${CMAKE_CURRENT_LIST_DIR}")
    idf_build_set_property(BUILD_DIR "${CMAKE_BINARY_DIR}")
    if(NOT DEFINED PROJECT_VER)
        set(PROJECT_VER 1)
    endif()
    idf_build_set_property(PROJECT_VER "${PROJECT_VER}")

    stand_in_components(components)
    stand_in_requirements("${components}")
    stand_in_configuration(sdkconfig_cmake "${components}")
    include(${sdkconfig_cmake})
    if(CONFIG_APP_PROJECT_VER_FROM_CONFIG)
        idf_build_set_property(PROJECT_VER "${CONFIG_APP_PROJECT_VER}")
    endif()
    set(ESP_PLATFORM 1)

    # Every property becomes a variable.
    get_property(properties GLOBAL PROPERTY STAND_IN_PROPERTIES)
    foreach(property IN LISTS properties)
        idf_build_get_property(value ${property})
        set(${property} "${value}")
    endforeach()
    if(STAND_IN STREQUAL "v2")
        set(IDF_BUILD_V2 y)
    elseif(STAND_IN STREQUAL "5.0")
        stand_in_app()
    endif()
    foreach(COMPONENT_DIR IN LISTS components)
        if(EXISTS ${COMPONENT_DIR}/project_include.cmake)
            include(${COMPONENT_DIR}/project_include.cmake)
        endif()
    endforeach()
    foreach(COMPONENT_DIR IN LISTS components)
        get_filename_component(COMPONENT_NAME ${COMPONENT_DIR} NAME)
        add_subdirectory(${COMPONENT_DIR} ${CMAKE_BINARY_DIR}/esp-idf/${COMPONENT_NAME})
    endforeach()
    unset(ESP_PLATFORM)

    if(STAND_IN STREQUAL "v2")
        stand_in_app_v2()
    else()
        idf_build_set_property(EXECUTABLE_NAME "${CMAKE_PROJECT_NAME}")
        if(NOT STAND_IN STREQUAL "5.0")
            stand_in_app()
        endif()
    endif()
endmacro()
