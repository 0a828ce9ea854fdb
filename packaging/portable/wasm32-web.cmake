# SPDX-License-Identifier: Apache-2.0
#
# Debian's Emscripten, for a worker of a page (packaging/web/). OTAPACK_PREFIX is where the libraries
# are (libraries.sh).
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES OTAPACK_PREFIX)
include(/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake)
# Small rather than quick, as it is part of a page.
set(CMAKE_C_FLAGS_RELEASE "-Oz -DNDEBUG" CACHE STRING "")
# The compiler can guard the stack, but nothing here has what the guard is compared with.
set(OTAPACK_HAS_fstack_protector_strong OFF CACHE INTERNAL "")
# A function that makes a program of its own, with memory of its own, each time it is called, and
# starts it only when asked. Files are read where they are (WORKERFS). Nothing is fetched, and no text
# is run as code.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-sMODULARIZE=1 -sEXPORT_NAME=makeOtapack -sENVIRONMENT=worker \
-sINVOKE_RUN=0 -sEXIT_RUNTIME=1 -sEXPORTED_RUNTIME_METHODS=callMain,FS,WORKERFS -lworkerfs.js \
-sDYNAMIC_EXECUTION=0 -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=1GB")
list(PREPEND CMAKE_FIND_ROOT_PATH ${OTAPACK_PREFIX})
