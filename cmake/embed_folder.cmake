# embed_folder(FOLDER OUTPUT HEADER FUNCTION): writes the files of FOLDER into the C++ file OUTPUT when
# they change, so that the server runs without a folder beside it. FUNCTION, which HEADER declares, gives
# them back. See src/http/embedded_public.hpp.
# Included, this file defines the function; run as a script (cmake -P) it does the writing.
if(NOT CMAKE_SCRIPT_MODE_FILE)
    function(embed_folder folder output header function)
        set(script ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
        file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
        # What serves the people who write the files: editor settings, notes, hidden files.
        list(FILTER names EXCLUDE REGEX "(^|/)(\\.|jsconfig\\.json$)|\\.md$")
        list(SORT names)
        set(dependencies ${names})
        list(TRANSFORM dependencies PREPEND ${folder}/)
        # The names are part of the command, so that a file that goes away is noticed too.
        list(JOIN names "|" names)
        add_custom_command(
            OUTPUT ${output}
            COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DNAMES=${names} -DOUTPUT=${output}
                    -DHEADER=${header} -DFUNCTION=${function} -P ${script}
            DEPENDS ${dependencies} ${script}
            COMMENT "Embedding ${folder}"
            VERBATIM)
    endfunction()
    return()
endif()

set(arrays "")
set(rows "")
set(count 0)
string(REPLACE "|" ";" names "${NAMES}")
foreach(name IN LISTS names)
    if(name MATCHES "[\"\\\\]")
        message(FATAL_ERROR "A file's name must not hold quotes or backslashes: ${name}")
    endif()
    # Last-Modified is the file's own time, or the one that a reproducible build asks for.
    if(DEFINED ENV{SOURCE_DATE_EPOCH})
        set(modified $ENV{SOURCE_DATE_EPOCH})
    else()
        file(TIMESTAMP ${FOLDER}/${name} modified "%s" UTC)
    endif()
    file(READ ${FOLDER}/${name} hex HEX)
    if(hex STREQUAL "")
        string(APPEND rows "    {\"/${name}\", {}, ${modified}},\n")
        continue()
    endif()
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND arrays "constexpr char kFile${count}[] = {${bytes}};\n")
    string(APPEND rows
        "    {\"/${name}\", {kFile${count}, sizeof(kFile${count})}, ${modified}},\n")
    math(EXPR count "${count} + 1")
endforeach()
list(LENGTH names size)

file(WRITE ${OUTPUT} "// Written by cmake/embed_folder.cmake.
#include \"${HEADER}\"

#include <array>

namespace {

using videochat::http::EmbeddedFile;

${arrays}
constexpr std::array<EmbeddedFile, ${size}> kFiles = {{
${rows}}};

}  // namespace

std::span<const EmbeddedFile> ${FUNCTION}() { return kFiles; }
")
