# room(FOLDER [ROOMS FOLDER...] [LIBRARIES TARGET...] [SOURCES FILE...])
#
# One static library for the C files of a folder. ROOMS are the rooms that its
# files may include from,. A room
# is compiled with one include directory of its own, a folder of links to these
# rooms and to those below them: an include of any other room finds no file.
# Every room and its list is written to rooms.txt, which a test holds against
# the includes and the drawing in docs/architecture.md.
file(WRITE ${CMAKE_BINARY_DIR}/rooms.txt "")

function(room folder)
	cmake_parse_arguments(ROOM "" "" "ROOMS;LIBRARIES;SOURCES" ${ARGN})
	string(REPLACE "/" "_" name ${folder})
	file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
	list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/cli/main.c)
	add_library(${name} STATIC ${sources} ${ROOM_SOURCES})

	set(below ${ROOM_ROOMS})
	foreach(other ${ROOM_ROOMS})
		string(REPLACE "/" "_" target ${other})
		target_link_libraries(${name} PUBLIC ${target})
		get_target_property(more ${target} ROOMS_BELOW)
		if(more)
			list(APPEND below ${more})
		endif()
	endforeach()
	list(REMOVE_DUPLICATES below)
	set_target_properties(${name} PROPERTIES ROOMS_BELOW "${below}")
	target_link_libraries(${name} PUBLIC ${ROOM_LIBRARIES})

	set(view ${CMAKE_BINARY_DIR}/view/${name})
	file(REMOVE_RECURSE ${view})
	foreach(seen ${folder} ${below})
		get_filename_component(parent ${view}/${seen} DIRECTORY)
		file(MAKE_DIRECTORY ${parent})
		file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${seen} ${view}/${seen}
			SYMBOLIC)
	endforeach()
	target_include_directories(${name} PRIVATE ${view})
	file(APPEND ${CMAKE_BINARY_DIR}/rooms.txt
		"${folder}: ${ROOM_ROOMS}\n")
endfunction()
