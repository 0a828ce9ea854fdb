# SPDX-License-Identifier: Apache-2.0
# ESP-IDF reads this for the whole project, before the project has any targets.
if(BOOTLOADER_BUILD OR ESP_TEE_BUILD OR NOT CONFIG_APP_BUILD_GENERATE_BINARIES)
    return()
endif()
if(CMAKE_VERSION VERSION_LESS 3.20)
    message(WARNING "otapack: no OTA images by options: CMake ${CMAKE_VERSION} is too old; use 3.20 or later")
    return()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/images.cmake)
# At the end of the project's CMakeLists.txt, where all targets and all of its settings are known.
cmake_language(DEFER CALL otapack_idf)
