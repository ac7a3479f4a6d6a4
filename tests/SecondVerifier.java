/*
 * A second opinion on what exhibit signs, by BouncyCastle and the JDK alone:
 * another CMS, another time-stamp and another XML signature implementation.
 *
 *   SecondVerifier package PACKAGE CA TSA|-
 *   SecondVerifier file FILE CA TSA|-       FILE.p7s is its signature
 *   SecondVerifier xml FILE CA              FILE.xmldsig is its signature
 *
 * One line for each thing that holds; an exception and status 1 otherwise.
 */
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.crypto.Data;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class SecondVerifier {
	static final BouncyCastleProvider BC = new BouncyCastleProvider();
	static Collection<X509Certificate> ca, tsa;

	static void need(boolean holds, String what) throws Exception {
		if (!holds)
			throw new Exception(what);
	}

	@SuppressWarnings("unchecked")
	static Collection<X509Certificate> anchors(String file) throws Exception {
		try (InputStream in = Files.newInputStream(Path.of(file))) {
			return (Collection<X509Certificate>) CertificateFactory
			    .getInstance("X.509").generateCertificates(in);
		}
	}

	/* The chain from leaf to an anchor holds at that time. */
	static void trust(X509Certificate leaf, Collection<X509Certificate> more,
	    Collection<X509Certificate> to, Date at) throws Exception {
		Set<TrustAnchor> set = new HashSet<>();
		for (X509Certificate c : to)
			set.add(new TrustAnchor(c, null));
		X509CertSelector target = new X509CertSelector();
		target.setCertificate(leaf);
		PKIXBuilderParameters p = new PKIXBuilderParameters(set, target);
		p.addCertStore(CertStore.getInstance("Collection",
		    new CollectionCertStoreParameters(more)));
		p.setDate(at);
		p.setRevocationEnabled(false);
		CertPathBuilder.getInstance("PKIX").build(p);
	}

	static List<X509Certificate> certificates(Store<X509CertificateHolder> s)
	    throws Exception {
		List<X509Certificate> out = new ArrayList<>();
		for (X509CertificateHolder h : s.getMatches(null))
			out.add(new JcaX509CertificateConverter().getCertificate(h));
		return out;
	}

	static byte[] digest(String name, byte[] bytes) throws Exception {
		return MessageDigest.getInstance(name).digest(bytes);
	}

	/* RFC 3161, over these bytes; its time. */
	@SuppressWarnings("unchecked")
	static Date stamp(byte[] token, byte[] bytes) throws Exception {
		TimeStampToken t = new TimeStampToken(new CMSSignedData(token));
		Collection<X509CertificateHolder> found =
		    t.getCertificates().getMatches(t.getSID());
		need(found.size() == 1, "the authority's certificate is not there");
		X509CertificateHolder who = found.iterator().next();
		t.validate(new JcaSimpleSignerInfoVerifierBuilder()
		    .setProvider(BC).build(who));
		byte[] want = MessageDigest.getInstance(
		    t.getTimeStampInfo().getHashAlgorithm().getAlgorithm().getId(),
		    BC).digest(bytes);
		need(Arrays.equals(want,
		    t.getTimeStampInfo().getMessageImprintDigest()),
		    "the time stamp is over other bytes");
		Date at = t.getTimeStampInfo().getGenTime();
		if (tsa != null)
			trust(new JcaX509CertificateConverter().getCertificate(who),
			    certificates(t.getCertificates()), tsa, at);
		return at;
	}

	/* CAdES, detached, by one signer: who, and when. */
	static String cades(byte[] content, byte[] der) throws Exception {
		CMSSignedData cms = new CMSSignedData(
		    new CMSProcessableByteArray(content), der);
		need(cms.getSignerInfos().size() == 1, "not one signer");
		SignerInformation s = cms.getSignerInfos().iterator().next();
		Collection<X509CertificateHolder> found =
		    cms.getCertificates().getMatches(s.getSID());
		need(found.size() == 1, "the signer's certificate is not there");
		X509CertificateHolder who = found.iterator().next();
		need(s.verify(new JcaSimpleSignerInfoVerifierBuilder()
		    .setProvider(BC).build(who)), "the signature does not verify");
		Attribute ess = s.getSignedAttributes().get(
		    PKCSObjectIdentifiers.id_aa_signingCertificateV2);
		need(ess != null, "no signing-certificate-v2");
		var id = SigningCertificateV2.getInstance(
		    ess.getAttrValues().getObjectAt(0)).getCerts()[0];
		need(Arrays.equals(id.getCertHash(), MessageDigest.getInstance(
		    id.getHashAlgorithm().getAlgorithm().getId(), BC)
		    .digest(who.getEncoded())), "another certificate");
		Date at = Time.getInstance(s.getSignedAttributes().get(
		    CMSAttributes.signingTime).getAttrValues().getObjectAt(0))
		    .getDate();
		String how = "claimed";
		AttributeTable un = s.getUnsignedAttributes();
		Attribute t = un == null ? null : un.get(
		    PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
		if (t != null) {
			at = stamp(t.getAttrValues().getObjectAt(0)
			    .toASN1Primitive().getEncoded("DER"), s.getSignature());
			how = "stamped";
		}
		trust(new JcaX509CertificateConverter().getCertificate(who),
		    certificates(cms.getCertificates()), ca, at);
		return who.getSubject() + ", " + how + " " + at.toInstant();
	}

	static Document xml(byte[] bytes) throws Exception {
		DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();
		f.setNamespaceAware(true);
		f.setFeature(
		    "http://apache.org/xml/features/disallow-doctype-decl", true);
		return f.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
	}

	static final String DS = "http://www.w3.org/2000/09/xmldsig#";
	static final String ASIC = "http://uri.etsi.org/02918/v1.2.1#";

	static Map<String, byte[]> unzip(String file) throws Exception {
		Map<String, byte[]> out = new TreeMap<>();
		try (ZipInputStream in = new ZipInputStream(
		    Files.newInputStream(Path.of(file)))) {
			for (ZipEntry e; (e = in.getNextEntry()) != null;)
				need(out.put(e.getName(), in.readAllBytes()) == null,
				    e.getName() + " is there twice");
		}
		return out;
	}

	/* Every file outside of META-INF and no other, each with its SHA-384. */
	static int manifest(Map<String, byte[]> files, byte[] text)
	    throws Exception {
		NodeList refs = xml(text).getElementsByTagNameNS(
		    ASIC, "DataObjectReference");
		Set<String> seen = new HashSet<>();
		for (int i = 0; i < refs.getLength(); i++) {
			Element e = (Element) refs.item(i);
			String name = e.getAttribute("URI");
			String value = e.getElementsByTagNameNS(DS, "DigestValue")
			    .item(0).getTextContent();
			need(files.containsKey(name), name + " is missing");
			need(Base64.getEncoder().encodeToString(
			    digest("SHA-384", files.get(name))).equals(value),
			    name + " has another digest");
			seen.add(name);
		}
		for (String name : files.keySet())
			need(name.startsWith("META-INF/") || name.equals("mimetype") ||
			    seen.contains(name), name + " is not listed");
		return seen.size();
	}

	static byte[] get(Map<String, byte[]> files, String name)
	    throws Exception {
		need(files.containsKey(name), name + " is missing");
		return files.get(name);
	}

	static void judgePackage(String file) throws Exception {
		Map<String, byte[]> files = unzip(file);
		byte[] list = get(files, "META-INF/ASiCManifest001.xml");
		System.out.println(manifest(files, list) + " files as listed");
		get(files, "META-INF/signature001.p7s");
		for (String name : files.keySet()) {
			byte[] over = null;
			if (name.matches("META-INF/signature\\d{3}\\.p7s"))
				over = list;
			else if (name.equals("META-INF/checkpoint.p7s"))
				over = get(files, "checkpoint.txt");
			else if (name.matches("META-INF/statement\\d{3}\\.p7s"))
				over = get(files, name.replace(".p7s", ".json"));
			if (over != null)
				System.out.println(name + ": " +
				    cades(over, files.get(name)));
		}
		if (files.containsKey("META-INF/timestamp001.tst"))
			System.out.println("META-INF/timestamp001.tst: " +
			    stamp(files.get("META-INF/timestamp001.tst"),
				get(files, "META-INF/ASiCManifest002.xml"))
				.toInstant());
		if (files.containsKey("META-INF/checkpoint.tst"))
			System.out.println("META-INF/checkpoint.tst: " +
			    stamp(files.get("META-INF/checkpoint.tst"),
				get(files, "checkpoint.txt")).toInstant());
	}

	/* The JDK's own XML signatures, in secure validation. */
	static void judgeXml(String file) throws Exception {
		Document d = xml(Files.readAllBytes(Path.of(file + ".xmldsig")));
		Element root = d.getDocumentElement();
		need(DS.equals(root.getNamespaceURI()) &&
		    root.getLocalName().equals("Signature"), "no signature");
		CertificateFactory cf = CertificateFactory.getInstance("X.509");
		List<X509Certificate> certs = new ArrayList<>();
		NodeList texts = d.getElementsByTagNameNS(DS, "X509Certificate");
		for (int i = 0; i < texts.getLength(); i++)
			certs.add((X509Certificate) cf.generateCertificate(
			    new ByteArrayInputStream(Base64.getMimeDecoder().decode(
				texts.item(i).getTextContent()))));
		DOMValidateContext c = new DOMValidateContext(
		    certs.get(0).getPublicKey(), root);
		c.setProperty("org.jcp.xml.dsig.secureValidation", true);
		((Element) d.getElementsByTagNameNS(DS, "KeyInfo").item(0))
		    .setIdAttribute("Id", true);
		XMLSignatureFactory f = XMLSignatureFactory.getInstance("DOM");
		URIDereferencer usual = f.getURIDereferencer();
		String name = new File(file).getName();
		c.setURIDereferencer((ref, ctx) -> {
			try {
				return ref.getURI().equals(name)
				    ? (Data) new OctetStreamData(Files.newInputStream(
					Path.of(file)))
				    : usual.dereference(ref, ctx);
			} catch (java.io.IOException e) {
				throw new javax.xml.crypto.URIReferenceException(e);
			}
		});
		XMLSignature s = f.unmarshalXMLSignature(c);
		need(s.validate(c), "the XML signature does not verify");
		need(s.getSignedInfo().getReferences().size() == 2,
		    "not over the file and its key");
		trust(certs.get(0), certs, ca, new Date());
		System.out.println(
		    name + ": " + certs.get(0).getSubjectX500Principal());
	}

	public static void main(String[] a) throws Exception {
		ca = anchors(a[2]);
		tsa = a.length > 3 && !a[3].equals("-") ? anchors(a[3]) : null;
		if (a[0].equals("package"))
			judgePackage(a[1]);
		else if (a[0].equals("xml"))
			judgeXml(a[1]);
		else
			System.out.println(a[1] + ": " + cades(
			    Files.readAllBytes(Path.of(a[1])),
			    Files.readAllBytes(Path.of(a[1] + ".p7s"))));
	}
}
