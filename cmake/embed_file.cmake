# Write OUT: the FILES as C arrays in a table named NAME. Run by embed().
set(arrays "")
set(table "")
set(i 0)
foreach(file IN LISTS FILES)
	file(READ ${file} hex HEX)
	file(RELATIVE_PATH path ${ROOT} ${file})
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
	string(REGEX REPLACE "(................................................................................)"
		"\\1\n" bytes "${bytes}")
	# a char may be signed: UTF-8's bytes are written as characters
	string(REGEX REPLACE "0x([89a-f][0-9a-f])" "'\\\\x\\1'" bytes
		"${bytes}")
	string(APPEND arrays
		"static const char file${i}[] = {\n${bytes}0x00\n};\n")
	string(APPEND table
		"\t{ \"${path}\", file${i}, sizeof(file${i}) - 1 },\n")
	math(EXPR i "${i} + 1")
endforeach()
file(WRITE ${OUT}.tmp "/* Made by cmake/embed.cmake; do not edit. */
#include \"base/text.h\"

${arrays}
extern const struct text ${NAME}[];
const struct text ${NAME}[] = {
${table}\t{ 0 },
};
")
file(RENAME ${OUT}.tmp ${OUT})
