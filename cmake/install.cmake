# What "cmake --install" puts where, and the Debian package CPack makes of it.
include(GNUInstallDirs)
install(TARGETS exhibit)
install(FILES README.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES deploy/aws/iam-policy.json DESTINATION
	${CMAKE_INSTALL_DATADIR}/exhibit/aws)
install(DIRECTORY deploy/kubernetes DESTINATION
	${CMAKE_INSTALL_DATADIR}/exhibit)
install(FILES deploy/prometheus/exhibit-rules.yaml DESTINATION
	${CMAKE_INSTALL_DATADIR}/exhibit/prometheus)

if(NOT CMAKE_CROSSCOMPILING) # these are what the program prints
	set(completions)
	foreach(shell bash zsh fish)
		set(out ${CMAKE_BINARY_DIR}/completion/exhibit.${shell})
		add_custom_command(OUTPUT ${out}
			COMMAND ${CMAKE_COMMAND} -E make_directory completion
			COMMAND exhibit completion ${shell} > ${out}
			DEPENDS exhibit WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
			VERBATIM)
		list(APPEND completions ${out})
	endforeach()
	add_custom_target(completion ALL DEPENDS ${completions})
	set(from ${CMAKE_BINARY_DIR}/completion)
	set(to ${CMAKE_INSTALL_DATADIR})
	install(FILES ${from}/exhibit.bash RENAME exhibit
		DESTINATION ${to}/bash-completion/completions)
	install(FILES ${from}/exhibit.zsh RENAME _exhibit
		DESTINATION ${to}/zsh/vendor-completions)
	install(FILES ${from}/exhibit.fish
		DESTINATION ${to}/fish/vendor_completions.d)
	add_custom_target(docs
		COMMAND exhibit checks --format markdown > docs/checks.md
		COMMAND exhibit kinds --format markdown > docs/kinds.md
		DEPENDS exhibit WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
endif()

# A service every night, for systems that have systemd. The paths in the unit
# are those of a package: prefix /usr.
option(EXHIBIT_SYSTEMD "install the systemd service, timer and user" OFF)
if(NOT EXHIBIT_SYSTEMD)
	install(FILES docs/exhibit.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
	install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
else()
	# as Debian's policy has them: compressed, without name and time
	foreach(pair "docs/exhibit.1 exhibit.1.gz" "CHANGELOG.md changelog.gz")
		separate_arguments(pair)
		list(GET pair 0 text)
		list(GET pair 1 out)
		add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/${out}
			COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/${text}
				> ${CMAKE_BINARY_DIR}/${out}
			DEPENDS ${text} VERBATIM)
	endforeach()
	add_custom_target(compressed ALL DEPENDS
		${CMAKE_BINARY_DIR}/exhibit.1.gz
		${CMAKE_BINARY_DIR}/changelog.gz)
	install(FILES ${CMAKE_BINARY_DIR}/exhibit.1.gz DESTINATION
		${CMAKE_INSTALL_MANDIR}/man1)
	install(FILES ${CMAKE_BINARY_DIR}/changelog.gz DESTINATION
		${CMAKE_INSTALL_DOCDIR})
	install(FILES deploy/systemd/exhibit.service deploy/systemd/exhibit.timer
		DESTINATION lib/systemd/system)
	install(FILES deploy/systemd/sysusers.conf RENAME exhibit.conf
		DESTINATION lib/sysusers.d)
	install(FILES deploy/systemd/tmpfiles.conf RENAME exhibit.conf
		DESTINATION lib/tmpfiles.d)
	install(FILES deploy/systemd/exhibit.yaml
		DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/exhibit)
	install(FILES deploy/debian/copyright DESTINATION
		${CMAKE_INSTALL_DOCDIR})
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME exhibit)
set(CPACK_PACKAGE_CONTACT "The exhibit authors <exhibit@invalid.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "FIPS 140 evidence, signed and verifiable")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Collects FIPS 140 evidence from hosts, AWS, Kubernetes, TLS endpoints, images
and configuration files, keeps it in an append-only store, evaluates it with
checks written in SQL, and writes signed reports that standard tools verify.")
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "openssh-client, openssl, sqlite3, unzip")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
	${CMAKE_SOURCE_DIR}/deploy/debian/conffiles
	${CMAKE_SOURCE_DIR}/deploy/debian/postinst
	${CMAKE_SOURCE_DIR}/deploy/debian/prerm
	${CMAKE_SOURCE_DIR}/deploy/debian/postrm)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
