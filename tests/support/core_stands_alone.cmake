# Fails if the public headers, core or protocol reach a library that belongs to upper layers, even
# through other headers. On Debian these lie on the default include path, so a compiler would not
# complain. Usage: cmake -DCXX=compiler -DROOT=checkout -P this
file(GLOB files
    ${ROOT}/include/videochat/*.hpp ${ROOT}/include/videochat/core/*.hpp
    ${ROOT}/src/core/*.hpp ${ROOT}/src/core/*.cpp
    ${ROOT}/src/protocol/*.hpp ${ROOT}/src/protocol/*.cpp)
list(LENGTH files count)
if(count LESS 30)
    message(FATAL_ERROR "Only ${count} files were found under ${ROOT}: nothing would be checked.")
endif()
execute_process(
    COMMAND ${CXX} -std=c++20 -M -I${ROOT}/include -I${ROOT}/src ${files}
    OUTPUT_VARIABLE includes
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "The compiler could not list the includes.")
endif()
string(REGEX MATCH "/(boost|openssl|spdlog|CLI|hiredis)/[a-z_/]*\\.h(pp)?" foreign "${includes}")
if(foreign)
    message(FATAL_ERROR "core and protocol must stand alone, but include ${foreign}")
endif()
message(STATUS "${count} files include nothing of upper layers")
