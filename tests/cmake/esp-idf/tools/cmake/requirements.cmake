# SPDX-License-Identifier: Apache-2.0
# ESP-IDF includes each component's CMakeLists.txt in a script, to see what the component requires.
macro(idf_component_register)
    return()
endmacro()
function(read_component)
    include(${COMPONENT_DIR}/CMakeLists.txt)
endfunction()
foreach(COMPONENT_DIR IN LISTS components)
    read_component()
endforeach()
