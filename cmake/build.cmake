# cmake -DOUT=FILE -DROOT=FOLDER -DVERSION=X -DFILES=... -P build.cmake
# The C file of base/build.h: a digest over the names and bytes of the sources.
set(all "")
foreach(file ${FILES})
	file(SHA256 ${ROOT}/${file} digest)
	string(APPEND all "${digest}  ${file}\n")
endforeach()
string(SHA256 id "${all}")
string(SUBSTRING ${id} 0 12 id)
file(WRITE ${OUT} "#include \"base/build.h\"\n
const char exhibit_build[] = \"${VERSION}+${id}\";\n")
