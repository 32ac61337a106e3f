# Warnings for our own code; third-party headers are SYSTEM and stay silent.
add_library(videochat_warnings INTERFACE)
target_compile_options(videochat_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast)
if(VIDEOCHAT_WERROR)
    target_compile_options(videochat_warnings INTERFACE -Werror)
endif()
