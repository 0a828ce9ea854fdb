# SPDX-License-Identifier: Apache-2.0
# The repository as a component of ESP-IDF, which looks for this at its top.
include(${CMAKE_CURRENT_LIST_DIR}/packaging/esp-idf/otapack/project_include.cmake)
