# SPDX-License-Identifier: Apache-2.0
# ESP-IDF includes each component's CMakeLists.txt in a script, to see what the component requires.
macro(idf_component_register)
    return()
endmacro()
function(read_component folder)
    include(${folder}/CMakeLists.txt)
endfunction()
foreach(component IN LISTS components)
    read_component(${component})
endforeach()
