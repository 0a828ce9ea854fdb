# SPDX-License-Identifier: Apache-2.0
set(processor aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/musl.cmake)
