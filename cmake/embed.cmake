# embed(VARIABLE FILE...): compile text files into the program.
#
# Each group becomes one C file with a table `const struct text NAME[]`
# (base/text.h) in the order given, where NAME is the variable's name; the
# variable receives the C file's path. Byte for byte; a change rebuilds.
function(embed variable)
	set(files ${ARGN})
	list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/
		REGEX "^[^/]")
	set(out ${CMAKE_BINARY_DIR}/embed/${variable}.c)
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_COMMAND} -DNAME=${variable} -DOUT=${out}
			"-DFILES=${files}" -DROOT=${CMAKE_SOURCE_DIR}
			-P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
		DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
		VERBATIM)
	set(${variable} ${out} PARENT_SCOPE)
endfunction()
