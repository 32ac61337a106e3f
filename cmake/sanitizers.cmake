# Sanitizers hold for everything that is linked together, so they are global flags.
if(VIDEOCHAT_SANITIZE)
    add_compile_options(-fsanitize=${VIDEOCHAT_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${VIDEOCHAT_SANITIZE})
    if(VIDEOCHAT_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=undefined)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
            # clang 14: Asio's function pointers through type-erased operations are flagged wrongly.
            add_compile_options(-fno-sanitize=function)
        endif()
    endif()
    if(VIDEOCHAT_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Asio uses fences, which g++ 12 says it does not instrument.
        add_compile_options(-Wno-tsan)
    endif()
endif()
