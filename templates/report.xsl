<?xml version="1.0" encoding="UTF-8"?>
<!--
  The HTML report, from the OSCAL document alone (report/oscal.h says what is
  where in it). XSLT 1.0 without extensions. report/render.c puts report.css
  into the style element, gives its digest in style-digest, writes the page,
  and cuts very long lists before they come here: a prop with the whole count
  stands beside each of them.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:o="http://csrc.nist.gov/ns/oscal/1.0"
    xmlns="http://www.w3.org/1999/xhtml"
    exclude-result-prefixes="o">

<xsl:output method="xml" omit-xml-declaration="yes"/>
<xsl:param name="style-digest"/>

<!-- ============================================================ lookups -->

<!-- Patterns from the root spare a walk through the whole tree. What is equal
     for very many nodes is no key: looking one up copies them all. -->
<xsl:key name="check" use="o:prop[@name='check']/@value"
    match="/o:assessment-results/o:local-definitions/o:activity"/>
<xsl:key name="severity" use="o:prop[@name='severity']/@value"
    match="/o:assessment-results/o:local-definitions/o:activity"/>
<xsl:key name="control" use="concat(@class, ' ', @value)"
    match="/o:assessment-results/o:local-definitions/o:activity/
      o:prop[@name='control']"/>
<xsl:key name="observation" use="o:prop[@name='check']/@value"
    match="/o:assessment-results/o:result/o:observation"/>
<xsl:key name="unknown" use="string(o:description)"
    match="/o:assessment-results/o:result/
      o:observation[o:prop[@name='verdict']/@value='unknown']"/>
<xsl:key name="risk" use="o:prop[@name='check']/@value"
    match="/o:assessment-results/o:result/o:risk"/>
<xsl:key name="finding" use="o:prop[@name='check']/@value"
    match="/o:assessment-results/o:result/o:finding"/>
<xsl:key name="item" use="@uuid" match="/o:assessment-results/o:result/
    o:local-definitions/o:inventory-item"/>
<xsl:key name="member" use="o:implemented-component/@component-uuid"
    match="/o:assessment-results/o:result/o:local-definitions/
      o:inventory-item"/>
<xsl:key name="posture-kind" use="o:prop[@name='kind']/@value"
    match="/o:assessment-results/o:result/o:local-definitions/
      o:component[@type='posture']"/>
<xsl:key name="resource" use="@uuid"
    match="/o:assessment-results/o:back-matter/o:resource"/>
<xsl:key name="evidence" use="o:prop[@name='kind']/@value"
    match="/o:assessment-results/o:back-matter/
      o:resource[o:prop[@name='type']/@value='evidence']"/>

<xsl:variable name="meta" select="/o:assessment-results/o:metadata"/>
<xsl:variable name="result" select="/o:assessment-results/o:result"/>
<xsl:variable name="checks"
    select="/o:assessment-results/o:local-definitions/o:activity"/>
<!-- Checks without a subject: they judged nothing. -->
<xsl:variable name="silent" select="$checks[o:prop[@name='satisfied']/@value +
    o:prop[@name='not-satisfied']/@value + o:prop[@name='unknown']/@value +
    o:prop[@name='not-applicable']/@value = 0]"/>
<xsl:variable name="layers" select="$checks[o:prop[@name='layer']]"/>
<xsl:variable name="items"
    select="$result/o:local-definitions/o:inventory-item"/>
<xsl:variable name="unseen"
    select="$items[o:prop[@name='outcome']/@value != 'observed']"/>
<xsl:variable name="unseen-count"
    select="sum($result/o:prop[@name='population']/@value) -
      sum($result/o:prop[@name='observed']/@value)"/>
<xsl:variable name="postures"
    select="$result/o:local-definitions/o:component[@type='posture']"/>
<!-- Those that a layer check judged: the matrix is of them. -->
<xsl:variable name="layered" select="$postures[o:prop[@name='verdict']/@class =
    $layers/o:prop[@name='number']/@value]"/>
<xsl:variable name="all-tables"
    select="$result/o:attestation/o:part[@name='table']"/>
<xsl:variable name="first-page"
    select="$all-tables[o:prop[@name='page']/@value = 'first']"/>
<xsl:variable name="strips"
    select="$all-tables[o:prop[@name='shown-as']/@value = 'days']"/>
<xsl:variable name="over-period" select="$all-tables[
    o:prop[@name='over']/@value = 'period' and
    not(o:prop[@name='page']/@value = 'first') and
    not(o:prop[@name='shown-as']/@value = 'days' and
      o:prop[@name='rows']/@value &lt;= 12)]"/>
<xsl:variable name="excepted" select="$all-tables[@class='exceptions']"/>
<xsl:variable name="tables" select="$all-tables[not(o:prop[@name='over']) and
    not(@class='exceptions')]"/>
<xsl:variable name="from"
    select="string($meta/o:prop[@name='period-from']/@value)"/>
<xsl:variable name="to"
    select="string($meta/o:prop[@name='period-to']/@value)"/>
<xsl:variable name="observations" select="$result/o:observation"/>
<xsl:variable name="gaps" select="$result/o:assessment-log/
    o:entry[o:prop[@name='entry']/@value='gap']"/>
<xsl:variable name="totals" select="$result/o:assessment-log/
    o:entry[o:prop[@name='entry']/@value='coverage-total']"/>
<xsl:variable name="coverages" select="$result/o:assessment-log/
    o:entry[o:prop[@name='entry']/@value='coverage']"/>
<xsl:variable name="evidence" select="/o:assessment-results/o:back-matter/
    o:resource[o:prop[@name='type']/@value='evidence']"/>
<xsl:variable name="certificate" select="/o:assessment-results/o:back-matter/
    o:resource[o:prop[@name='resource']/@value='certificate']"/>
<xsl:variable name="checkpoint" select="/o:assessment-results/o:back-matter/
    o:resource[o:prop[@name='resource']/@value='checkpoint']"/>
<xsl:variable name="store">
  <xsl:call-template name="shell">
    <xsl:with-param name="s" select="$meta/o:prop[@name='store']/@value"/>
  </xsl:call-template>
</xsl:variable>
<xsl:variable name="basename"
    select="string($meta/o:prop[@name='basename']/@value)"/>
<!-- The names that files have in a package, and nowhere else by themselves. -->
<xsl:variable name="packaged" select="$basename = 'report' and
    $meta/o:prop[@name='store']/@value = 'evidence.db'"/>
<xsl:variable name="run"
    select="string($result/o:prop[@name='run']/@value)"/>
<xsl:variable name="judged" select="
    $result/o:prop[@name='satisfied']/@value +
    $result/o:prop[@name='not-satisfied']/@value +
    $result/o:prop[@name='unknown']/@value +
    $result/o:prop[@name='not-applicable']/@value"/>
<xsl:variable name="quote">'</xsl:variable>
<xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
<xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>

<!-- ============================================================ phrases -->

<xsl:template name="word">
  <xsl:param name="v"/>
  <xsl:value-of select="translate($v, '-', ' ')"/>
</xsl:template>

<xsl:template name="symbol">
  <xsl:param name="v"/>
  <span class="s" aria-hidden="true">
    <xsl:choose>
      <xsl:when test="$v='satisfied'">&#x2713;</xsl:when>
      <xsl:when test="$v='not-satisfied'">&#x2715;</xsl:when>
      <xsl:when test="$v='unknown'">?</xsl:when>
      <xsl:otherwise>&#x2013;</xsl:otherwise>
    </xsl:choose>
  </span>
</xsl:template>

<xsl:template name="chip">
  <xsl:param name="v"/>
  <span class="v {$v}">
    <xsl:call-template name="symbol">
      <xsl:with-param name="v" select="$v"/>
    </xsl:call-template>
    <xsl:call-template name="word">
      <xsl:with-param name="v" select="$v"/>
    </xsl:call-template>
  </span>
</xsl:template>

<xsl:template name="n">
  <xsl:param name="n"/>
  <xsl:choose>
    <xsl:when test="number($n) = number($n)">
      <xsl:value-of select="format-number($n, '#,##0')"/>
    </xsl:when>
    <xsl:otherwise>0</xsl:otherwise>
  </xsl:choose>
</xsl:template>

<!-- "3 nodes" -->
<xsl:template name="of">
  <xsl:param name="n"/>
  <xsl:param name="one"/>
  <xsl:param name="many" select="concat($one, 's')"/>
  <xsl:call-template name="n">
    <xsl:with-param name="n" select="$n"/>
  </xsl:call-template>
  <xsl:text> </xsl:text>
  <xsl:choose>
    <xsl:when test="$n = 1"><xsl:value-of select="$one"/></xsl:when>
    <xsl:otherwise><xsl:value-of select="$many"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template name="time">
  <xsl:param name="t"/>
  <xsl:param name="zone" select="' UTC'"/>
  <xsl:choose>
    <xsl:when test="string-length($t) = 20 and substring($t, 11, 1) = 'T'">
      <time datetime="{$t}">
        <xsl:value-of select="concat(substring($t, 1, 10), ' ',
            substring($t, 12, 5))"/>
        <xsl:if test="substring($t, 18, 2) != '00'">
          <xsl:value-of select="substring($t, 17, 3)"/>
        </xsl:if>
        <xsl:value-of select="$zone"/>
      </time>
    </xsl:when>
    <xsl:when test="$t"><xsl:value-of select="$t"/></xsl:when>
    <xsl:otherwise>not stated</xsl:otherwise>
  </xsl:choose>
</xsl:template>

<!-- 23 November 2026, 09:00 UTC -->
<xsl:template name="long-time">
  <xsl:param name="t"/>
  <xsl:variable name="months" select="'January  February March    April    May      June     July     August   SeptemberOctober  November December '"/>
  <time datetime="{$t}">
    <xsl:value-of select="concat(number(substring($t, 9, 2)), ' ',
        normalize-space(substring($months,
          (number(substring($t, 6, 2)) - 1) * 9 + 1, 9)), ' ',
        substring($t, 1, 4), ', ', substring($t, 12, 5), ' UTC')"/>
  </time>
</xsl:template>

<!-- A page is for reading: what is very long is whole in the XML only. -->
<xsl:template name="short">
  <xsl:param name="s"/>
  <xsl:param name="max" select="400"/>
  <xsl:choose>
    <xsl:when test="string-length($s) &gt; $max">
      <xsl:value-of select="substring($s, 1, $max)"/>
      <span class="cut">&#x2026; (cut; whole in the XML)</span>
    </xsl:when>
    <xsl:otherwise><xsl:value-of select="$s"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<!-- Paragraphs of an OSCAL markup field. -->
<xsl:template name="prose">
  <xsl:param name="of"/>
  <xsl:for-each select="$of/o:p">
    <p>
      <xsl:call-template name="short">
        <xsl:with-param name="s" select="string(.)"/>
        <xsl:with-param name="max" select="1500"/>
      </xsl:call-template>
    </p>
  </xsl:for-each>
</xsl:template>

<!-- The same in the middle of a line. -->
<xsl:template name="inline">
  <xsl:param name="of"/>
  <xsl:for-each select="$of/o:p">
    <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
    <xsl:call-template name="short">
      <xsl:with-param name="s" select="string(.)"/>
    </xsl:call-template>
  </xsl:for-each>
</xsl:template>

<!-- The name of an inventory item or a piece of evidence. Where there is none of
     a kind, its one subject is keyed none. -->
<xsl:template name="name">
  <xsl:variable name="key" select="o:prop[@name='key']/@value"/>
  <xsl:variable name="scope" select="o:prop[@name='scope']/@value"/>
  <xsl:variable name="none"
      select="$key = 'none' and o:prop[@name='outcome']/@value = 'absent'"/>
  <span class="name">
    <xsl:if test="$none">
      <xsl:value-of select="concat('no ', o:prop[@name='kind']/@value)"/>
    </xsl:if>
    <xsl:call-template name="short">
      <xsl:with-param name="s" select="$key[not($none)]"/>
      <xsl:with-param name="max" select="120"/>
    </xsl:call-template>
  </span>
  <xsl:if test="$scope != concat('host/', $key)">
    <span class="in">
      <xsl:text> in </xsl:text>
      <xsl:call-template name="short">
        <xsl:with-param name="s" select="$scope"/>
        <xsl:with-param name="max" select="120"/>
      </xsl:call-template>
    </span>
  </xsl:if>
</xsl:template>

<!-- A word for a POSIX shell: quoted unless it is plain. -->
<xsl:template name="shell">
  <xsl:param name="s"/>
  <xsl:choose>
    <xsl:when test="translate($s, concat($lower, $upper, '0123456789._-'),
        '') = '' and substring($s, 1, 1) != '-'">
      <xsl:value-of select="$s"/>
    </xsl:when>
    <xsl:otherwise>
      <xsl:text>'</xsl:text>
      <xsl:call-template name="shell-quote">
        <xsl:with-param name="s" select="$s"/>
      </xsl:call-template>
      <xsl:text>'</xsl:text>
    </xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template name="shell-quote">
  <xsl:param name="s"/>
  <xsl:choose>
    <xsl:when test='contains($s, "&apos;")'>
      <xsl:value-of select='substring-before($s, "&apos;")'/>
      <xsl:text>'\''</xsl:text>
      <xsl:call-template name="shell-quote">
        <xsl:with-param name="s" select='substring-after($s, "&apos;")'/>
      </xsl:call-template>
    </xsl:when>
    <xsl:otherwise><xsl:value-of select="$s"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template name="control-name">
  <xsl:value-of select="translate(@value, $lower, $upper)"/>
</xsl:template>

<xsl:variable name="control-titles" select="$all-tables[@class='control-names']/
    o:table/o:tr[o:td]"/>

<xsl:template name="control-title">
  <xsl:variable name="at" select="."/>
  <xsl:variable name="title" select="$control-titles[o:td[1] = $at/@class and
      translate(o:td[2], $upper, $lower) = translate($at/@value, $upper, $lower)]"/>
  <xsl:if test="$title">
    <xsl:text> </xsl:text>
    <xsl:value-of select="$title[1]/o:td[3]"/>
  </xsl:if>
</xsl:template>

<xsl:template name="framework">
  <xsl:param name="id"/>
  <xsl:choose>
    <xsl:when test="$id='nist-800-53r5'">NIST SP 800-53 Rev. 5</xsl:when>
    <xsl:when test="$id='nist-800-171r2'">NIST SP 800-171 Rev. 2</xsl:when>
    <xsl:when test="$id='nist-800-171r3'">NIST SP 800-171 Rev. 3</xsl:when>
    <xsl:when test="$id='cmmc-l2'">CMMC Level 2</xsl:when>
    <xsl:when test="$id='fedramp-20x'">FedRAMP 20x</xsl:when>
    <xsl:otherwise><xsl:value-of select="$id"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<!-- dt and dd, where there is something to say -->
<xsl:template name="fact">
  <xsl:param name="name"/>
  <xsl:param name="value"/>
  <xsl:param name="code" select="false()"/>
  <xsl:if test="string($value) != ''">
    <div>
      <xsl:if test="$code and string-length($value) &gt; 40">
        <xsl:attribute name="class">long</xsl:attribute>
      </xsl:if>
      <dt><xsl:value-of select="$name"/></dt>
      <dd>
        <xsl:choose>
          <xsl:when test="$code">
            <code><xsl:value-of select="$value"/></code>
          </xsl:when>
          <xsl:when test="string-length($value) = 20 and
              substring($value, 11, 1) = 'T' and
              substring($value, 20) = 'Z'">
            <xsl:call-template name="time">
              <xsl:with-param name="t" select="$value"/>
            </xsl:call-template>
          </xsl:when>
          <xsl:otherwise>
            <xsl:call-template name="short">
              <xsl:with-param name="s" select="string($value)"/>
            </xsl:call-template>
          </xsl:otherwise>
        </xsl:choose>
      </dd>
    </div>
  </xsl:if>
</xsl:template>

<!-- The four counts of the context node as one bar; see bar-part. -->
<xsl:template name="bar">
  <xsl:param name="pattern" select="false()"/>
  <xsl:param name="width" select="200"/>
  <xsl:variable name="s" select="number(o:prop[@name='satisfied']/@value)"/>
  <xsl:variable name="f"
      select="number(o:prop[@name='not-satisfied']/@value)"/>
  <xsl:variable name="u" select="number(o:prop[@name='unknown']/@value)"/>
  <xsl:variable name="a"
      select="number(o:prop[@name='not-applicable']/@value)"/>
  <xsl:variable name="sum" select="$s + $f + $u + $a"/>
  <!-- every part that is not nothing gets 6, the rest its share -->
  <xsl:variable name="free" select="$width - 6 * (number($s &gt; 0) +
      number($f &gt; 0) + number($u &gt; 0) + number($a &gt; 0))"/>
  <xsl:if test="$sum &gt; 0">
    <svg xmlns="http://www.w3.org/2000/svg" class="bar" role="img"
        viewBox="0 0 {$width} 10" preserveAspectRatio="none">
      <title>
        <xsl:value-of select="concat($s, ' satisfied, ', $f,
            ' not satisfied, ', $u, ' unknown, ', $a, ' not applicable')"/>
      </title>
      <xsl:if test="$pattern">
        <defs>
          <pattern id="hatch" width="6" height="6"
              patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="h0" width="6" height="6"/>
            <rect class="h1" width="2" height="6"/>
          </pattern>
        </defs>
      </xsl:if>
      <xsl:variable name="ws"
          select="number($s &gt; 0) * 6 + $s div $sum * $free"/>
      <xsl:variable name="wf"
          select="number($f &gt; 0) * 6 + $f div $sum * $free"/>
      <xsl:variable name="wu"
          select="number($u &gt; 0) * 6 + $u div $sum * $free"/>
      <xsl:variable name="wa"
          select="number($a &gt; 0) * 6 + $a div $sum * $free"/>
      <xsl:call-template name="bar-part">
        <xsl:with-param name="class" select="'satisfied'"/>
        <xsl:with-param name="x" select="0"/>
        <xsl:with-param name="w" select="$ws"/>
      </xsl:call-template>
      <xsl:call-template name="bar-part">
        <xsl:with-param name="class" select="'not-satisfied'"/>
        <xsl:with-param name="x" select="$ws"/>
        <xsl:with-param name="w" select="$wf"/>
      </xsl:call-template>
      <xsl:call-template name="bar-part">
        <xsl:with-param name="class" select="'unknown'"/>
        <xsl:with-param name="x" select="$ws + $wf"/>
        <xsl:with-param name="w" select="$wu"/>
      </xsl:call-template>
      <xsl:call-template name="bar-part">
        <xsl:with-param name="class" select="'not-applicable'"/>
        <xsl:with-param name="x" select="$ws + $wf + $wu"/>
        <xsl:with-param name="w" select="$wa"/>
      </xsl:call-template>
    </svg>
  </xsl:if>
</xsl:template>

<xsl:template name="bar-part">
  <xsl:param name="class"/>
  <xsl:param name="x"/>
  <xsl:param name="w"/>
  <xsl:if test="$w &gt; 0">
    <rect xmlns="http://www.w3.org/2000/svg" class="{$class}" height="10"
        x="{format-number($x, '0.##')}"
        width="{format-number($w - 1, '0.##')}"/>
  </xsl:if>
</xsl:template>

<!-- A table in a box of its own, so that the page never scrolls sideways. -->
<xsl:template name="heading">
  <xsl:param name="number"/>
  <xsl:param name="text"/>
  <h2>
    <span class="no"><xsl:value-of select="$number"/></span>
    <xsl:text> </xsl:text>
    <xsl:value-of select="$text"/>
  </h2>
</xsl:template>

<!-- =============================================================== page -->

<xsl:template match="/">
  <xsl:if test="not(/o:assessment-results)">
    <xsl:message terminate="yes">not an OSCAL assessment-results document</xsl:message>
  </xsl:if>
  <html lang="en" xml:lang="en">
    <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{$style-digest}'; img-src data:; base-uri 'none'; form-action 'none'"/>
      <meta name="referrer" content="no-referrer"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>
        <xsl:value-of select="$meta/o:title"/>
        <xsl:if test="$meta/o:prop[@name='organization']">
          <xsl:text>: </xsl:text>
          <xsl:value-of
              select="substring($meta/o:prop[@name='organization']/@value,
                1, 80)"/>
        </xsl:if>
      </title>
      <style></style>
    </head>
    <body id="top">
      <!-- on paper a large report is its summary: lists stay in the XML -->
      <xsl:if test="count($items) &gt; 100">
        <xsl:attribute name="class">big</xsl:attribute>
      </xsl:if>
      <a class="skip" href="#main">Skip to the report</a>
      <xsl:if test="$meta/o:prop[@name='classification']">
        <p class="banner">
          <xsl:call-template name="short">
            <xsl:with-param name="max" select="120"/>
            <xsl:with-param name="s"
                select="$meta/o:prop[@name='classification']/@value"/>
          </xsl:call-template>
        </p>
      </xsl:if>
      <xsl:call-template name="cover"/>
      <xsl:if test="$meta/o:prop[@name='redacted']">
        <p class="redacted"><b>Names were replaced.</b> Hosts, addresses and what
          else could tell one from another are pseudonyms here, the same in
          every report of this store; digests of evidence are commitments to
          them. The preparer can disclose single ones so that it can be
          checked.</p>
      </xsl:if>
      <div class="layout">
        <xsl:call-template name="contents"/>
        <main id="main">
          <xsl:call-template name="summary"/>
          <xsl:call-template name="period"/>
          <xsl:if test="$excepted">
            <section id="exceptions" aria-labelledby="h-exceptions" class="wide">
              <h2 id="h-exceptions"><span class="no"></span> Risk exceptions</h2>
              <xsl:for-each select="$excepted">
                <xsl:call-template name="one-table"/>
              </xsl:for-each>
            </section>
          </xsl:if>
          <xsl:call-template name="scope"/>
          <xsl:call-template name="method"/>
          <xsl:call-template name="population"/>
          <xsl:call-template name="deviations"/>
          <xsl:call-template name="findings"/>
          <xsl:call-template name="nodes"/>
          <xsl:call-template name="modules"/>
          <xsl:call-template name="tables"/>
          <xsl:call-template name="evidence"/>
          <xsl:call-template name="custody"/>
          <xsl:call-template name="verify"/>
          <xsl:call-template name="sign-off"/>
          <xsl:call-template name="glossary"/>
        </main>
      </div>
      <footer class="foot">
        <xsl:for-each select="$meta/o:remarks/o:p">
          <p><xsl:value-of select="."/></p>
        </xsl:for-each>
        <p>
          <xsl:text>Document </xsl:text>
          <code><xsl:value-of select="/o:assessment-results/@uuid"/></code>
          <xsl:text>, made </xsl:text>
          <xsl:call-template name="time">
            <xsl:with-param name="t" select="$meta/o:last-modified"/>
          </xsl:call-template>
          <xsl:text>. This page is a rendering of </xsl:text>
          <code><xsl:value-of select="concat($basename, '.xml')"/></code>
          <xsl:text>; where they differ, the XML holds.</xsl:text>
        </p>
      </footer>
    </body>
  </html>
</xsl:template>

<xsl:template name="contents">
  <nav class="contents" aria-label="Contents">
    <ol>
      <li><a href="#summary">Summary</a></li>
      <xsl:if test="$from">
        <li><a href="#period">The period</a></li>
      </xsl:if>
      <xsl:if test="$excepted">
        <li><a href="#exceptions">Risk exceptions</a></li>
      </xsl:if>
      <li><a href="#scope">Scope</a></li>
      <li><a href="#method">Method</a></li>
      <li><a href="#population">Population</a></li>
      <li><a href="#gaps">Gaps</a></li>
      <li><a href="#findings">Findings</a></li>
      <li><a href="#nodes">Status by layer</a></li>
      <li><a href="#modules">Modules</a></li>
      <xsl:if test="$tables">
        <li><a href="#tables">In detail</a></li>
      </xsl:if>
      <li><a href="#evidence">Evidence</a></li>
      <li><a href="#custody">Custody</a></li>
      <li><a href="#verify">How to verify</a></li>
      <li><a href="#sign-off">Sign-off</a></li>
      <li><a href="#glossary">Glossary</a></li>
    </ol>
  </nav>
</xsl:template>

<!-- ============================================================== cover -->

<xsl:template name="cover">
  <header class="cover">
    <xsl:variable name="logo" select="/o:assessment-results/o:back-matter/
        o:resource[o:prop[@name='resource']/@value='logo']/o:base64"/>
    <xsl:choose>
      <xsl:when test="$logo">
        <p class="mark">
          <img class="logo" alt="{$meta/o:prop[@name='organization']/@value}"
              src="data:{$logo/@media-type};base64,{$logo}"/>
        </p>
      </xsl:when>
      <xsl:otherwise>
        <p class="mark">Exhibit</p>
      </xsl:otherwise>
    </xsl:choose>
    <h1><xsl:value-of select="$meta/o:title"/></h1>
    <p class="lede">
      <xsl:if test="$meta/o:prop[@name='organization']">
        <span class="org">
          <xsl:call-template name="short">
            <xsl:with-param name="max" select="160"/>
            <xsl:with-param name="s"
                select="$meta/o:prop[@name='organization']/@value"/>
          </xsl:call-template>
        </span>
      </xsl:if>
      <xsl:if test="$from">
        <span class="as-of">
          <xsl:text>From </xsl:text>
          <xsl:value-of select="substring($from, 1, 10)"/>
          <xsl:text> up to </xsl:text>
          <xsl:value-of select="substring($to, 1, 10)"/>
        </span>
      </xsl:if>
      <span class="as-of">
        <xsl:text>Evidence as of </xsl:text>
        <xsl:call-template name="long-time">
          <xsl:with-param name="t"
              select="$meta/o:prop[@name='as-of']/@value"/>
        </xsl:call-template>
      </span>
    </p>
    <dl class="facts">
      <xsl:call-template name="fact">
        <xsl:with-param name="name" select="'Version'"/>
        <xsl:with-param name="value" select="$meta/o:version"/>
      </xsl:call-template>
      <div>
        <dt>Report made</dt>
        <dd>
          <xsl:call-template name="time">
            <xsl:with-param name="t" select="$meta/o:last-modified"/>
          </xsl:call-template>
        </dd>
      </div>
      <div>
        <dt>Run</dt>
        <dd>
          <xsl:choose>
            <xsl:when test="$result/o:prop[@name='state']">
              <xsl:value-of select="concat($run, ', ',
                  $result/o:prop[@name='state']/@value)"/>
            </xsl:when>
            <xsl:otherwise>none yet</xsl:otherwise>
          </xsl:choose>
        </dd>
      </div>
      <xsl:call-template name="fact">
        <xsl:with-param name="name" select="'Profile'"/>
        <xsl:with-param name="value"
            select="$meta/o:prop[@name='profile']/@value"/>
      </xsl:call-template>
      <div>
        <dt>Population</dt>
        <dd>
          <xsl:call-template name="of">
            <xsl:with-param name="n"
                select="$result/o:prop[@name='subjects']/@value"/>
            <xsl:with-param name="one" select="'subject'"/>
          </xsl:call-template>
        </dd>
      </div>
      <div>
        <dt>Signature</dt>
        <dd>
          <xsl:choose>
            <xsl:when test="$certificate/o:prop[@name='self-signed']/@value
                ='yes'">detached, self-signed certificate</xsl:when>
            <xsl:when test="$certificate">detached</xsl:when>
            <xsl:otherwise>not signed</xsl:otherwise>
          </xsl:choose>
        </dd>
      </div>
    </dl>
  </header>
</xsl:template>

<!-- ============================================================ summary -->

<xsl:template name="card">
  <xsl:param name="v"/>
  <xsl:param name="note"/>
  <xsl:variable name="n" select="$result/o:prop[@name=$v]/@value"/>
  <div class="card {$v}">
    <p class="big">
      <xsl:call-template name="n">
        <xsl:with-param name="n" select="$n"/>
      </xsl:call-template>
    </p>
    <p class="what">
      <xsl:call-template name="symbol">
        <xsl:with-param name="v" select="$v"/>
      </xsl:call-template>
      <xsl:call-template name="word">
        <xsl:with-param name="v" select="$v"/>
      </xsl:call-template>
    </p>
    <p class="note">
      <xsl:if test="$judged &gt; 0">
        <xsl:value-of select="format-number($n div $judged, '0.0%')"/>
        <xsl:text> &#xb7; </xsl:text>
      </xsl:if>
      <xsl:value-of select="$note"/>
    </p>
  </div>
</xsl:template>

<xsl:template name="summary">
  <section id="summary" aria-labelledby="h-summary">
    <h2 id="h-summary"><span class="no"></span> Summary</h2>
    <xsl:if test="$first-page">
      <xsl:call-template name="first-page"/>
      <h3>Results at the end of the period</h3>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$judged = 0">
        <p class="lede">Nothing was judged: the store holds no subject that a
          check of this profile ranges over. Nothing is known, and nothing is
          satisfied.</p>
      </xsl:when>
      <xsl:otherwise>
        <p class="lede">
          <xsl:variable name="good" select="sum($postures[
              o:prop[@name='not-satisfied']/@value = 0 and
              o:prop[@name='unknown']/@value = 0 and
              o:prop[@name='satisfied']/@value &gt; 0]/
              o:prop[@name='subjects']/@value)"/>
          <xsl:call-template name="of">
            <xsl:with-param name="n" select="count($checks) - count($silent)"/>
            <xsl:with-param name="one" select="'check'"/>
          </xsl:call-template>
          <xsl:text> judged </xsl:text>
          <xsl:call-template name="of">
            <xsl:with-param name="n"
                select="$result/o:prop[@name='subjects']/@value"/>
            <xsl:with-param name="one" select="'subject'"/>
          </xsl:call-template>
          <xsl:text>. </xsl:text>
          <xsl:if test="count($postures) =
              $result/o:prop[@name='postures']/@value">
            <xsl:choose>
              <xsl:when test="$good = 0">No subject</xsl:when>
              <xsl:otherwise>
                <xsl:call-template name="of">
                  <xsl:with-param name="n" select="$good"/>
                  <xsl:with-param name="one" select="'subject'"/>
                </xsl:call-template>
              </xsl:otherwise>
            </xsl:choose>
            <xsl:text> satisfied every check that applies. </xsl:text>
          </xsl:if>
          <xsl:call-template name="of">
            <xsl:with-param name="n" select="count($checks[
                o:prop[@name='verdict']/@value='not-satisfied'])"/>
            <xsl:with-param name="one" select="'check'"/>
          </xsl:call-template>
          <xsl:text> failed somewhere; </xsl:text>
          <xsl:call-template name="of">
            <xsl:with-param name="n" select="count($checks[
                o:prop[@name='unknown']/@value &gt; 0])"/>
            <xsl:with-param name="one" select="'check'"/>
          </xsl:call-template>
          <xsl:text> could not be answered everywhere.</xsl:text>
        </p>
        <div class="cards">
          <xsl:call-template name="card">
            <xsl:with-param name="v" select="'satisfied'"/>
            <xsl:with-param name="note" select="'evidence meets the check'"/>
          </xsl:call-template>
          <xsl:call-template name="card">
            <xsl:with-param name="v" select="'not-satisfied'"/>
            <xsl:with-param name="note" select="'evidence does not meet the check'"/>
          </xsl:call-template>
          <xsl:call-template name="card">
            <xsl:with-param name="v" select="'unknown'"/>
            <xsl:with-param name="note" select="'evidence missing or insufficient; not a pass'"/>
          </xsl:call-template>
          <xsl:call-template name="card">
            <xsl:with-param name="v" select="'not-applicable'"/>
            <xsl:with-param name="note" select="'check does not apply'"/>
          </xsl:call-template>
        </div>
        <div class="whole">
          <xsl:for-each select="$result">
            <xsl:call-template name="bar">
              <xsl:with-param name="pattern" select="true()"/>
              <xsl:with-param name="width" select="640"/>
            </xsl:call-template>
          </xsl:for-each>
          <p class="note">
            <xsl:text>Share of all </xsl:text>
            <xsl:call-template name="of">
              <xsl:with-param name="n" select="$judged"/>
              <xsl:with-param name="one" select="'result'"/>
            </xsl:call-template>
            <xsl:text>; one result is one check of one inventory item.</xsl:text>
          </p>
        </div>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="not-known"/>
    <xsl:if test="$checks">
      <xsl:call-template name="glance"/>
      <xsl:call-template name="severities"/>
    </xsl:if>
  </section>
</xsl:template>

<!-- The answers, one drawing, what expires next and what is to be done. -->
<xsl:template name="first-page">
  <xsl:for-each select="$first-page[@class = 'answer']">
    <dl class="answers" id="t-{@class}">
      <xsl:for-each select="o:table/o:tr[o:td]">
        <xsl:variable name="q" select="string(o:td[1])"/>
        <div>
          <dt><xsl:value-of select="$q"/></dt>
          <dd>
            <xsl:attribute name="class">
              <xsl:choose>
                <xsl:when test="o:td[2] = 'yes'">satisfied</xsl:when>
                <xsl:when test="o:td[2] = 'no'">not-satisfied</xsl:when>
                <xsl:when test="o:td[2] = 'not determined'">unknown</xsl:when>
                <xsl:otherwise>said</xsl:otherwise>
              </xsl:choose>
            </xsl:attribute>
            <xsl:call-template name="short">
              <xsl:with-param name="s" select="string(o:td[3])"/>
              <xsl:with-param name="max" select="600"/>
            </xsl:call-template>
            <xsl:variable name="rows" select="string(o:td[4])"/>
            <xsl:if test="$q != '' and $all-tables[@class = $rows]">
              <xsl:text> </xsl:text>
              <a href="#t-{$rows}">Rows</a>
            </xsl:if>
          </dd>
        </div>
      </xsl:for-each>
    </dl>
  </xsl:for-each>
  <xsl:for-each select="$strips">
    <xsl:call-template name="strips">
      <xsl:with-param name="max" select="12"/>
    </xsl:call-template>
  </xsl:for-each>
  <xsl:for-each select="$first-page[@class != 'answer']">
    <h3 id="t-{@class}"><xsl:value-of select="o:title"/></h3>
    <xsl:choose>
      <xsl:when test="o:table/o:tr[o:td]">
        <xsl:call-template name="grid">
          <xsl:with-param name="rows" select="o:table/o:tr[o:td][position() &lt;= 8]"/>
        </xsl:call-template>
        <xsl:call-template name="more-rows">
          <xsl:with-param name="shown" select="count(o:table/o:tr[o:td][position() &lt;= 8])"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">None. What could not be evaluated is under
          <a href="#unknowns">Unknown results and collection gaps</a>.</p>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:for-each>
</xsl:template>

<!-- Rows of nodes, their last column a character a day: a strip each. -->
<xsl:template name="strips">
  <xsl:param name="max" select="60"/>
  <xsl:variable name="rows" select="o:table/o:tr[o:td]"/>
  <xsl:if test="$rows">
    <xsl:variable name="all" select="o:prop[@name='rows']/@value"/>
    <xsl:variable name="first" select="string($rows[1]/o:td[6])"/>
    <xsl:variable name="days" select="string-length($rows[1]/o:td[last()])"/>
    <figure class="map" id="m-{@class}-{$max}">
      <table>
        <caption>
          <b><xsl:value-of select="o:title"/></b>
          <xsl:text>, </xsl:text>
          <xsl:value-of select="$first"/>
          <xsl:text> and </xsl:text>
          <xsl:value-of select="$days - 1"/>
          <xsl:text> days after. Nodes alike on every day share a row.</xsl:text>
        </caption>
        <thead>
          <tr>
            <th scope="col" class="num">Nodes</th>
            <th scope="col">Which</th>
            <th scope="col" class="num">Days not in FIPS mode</th>
            <th scope="col" class="num">Days not determined</th>
            <th scope="col" class="strip">
              <svg xmlns="http://www.w3.org/2000/svg" class="axis"
                  viewBox="0 0 {$days * 10} 14" preserveAspectRatio="none"
                  role="presentation" aria-hidden="true">
                <defs>
                  <pattern id="p-no-{$max}" width="6" height="6"
                      patternUnits="userSpaceOnUse">
                    <rect class="x0" width="6" height="6"/>
                    <path class="x1" d="M0 0L6 6M6 0L0 6"/>
                  </pattern>
                  <pattern id="p-un-{$max}" width="6" height="6"
                      patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="h0" width="6" height="6"/>
                    <rect class="h1" width="2" height="6"/>
                  </pattern>
                </defs>
                <xsl:call-template name="weeks">
                  <xsl:with-param name="at" select="0"/>
                  <xsl:with-param name="days" select="$days"/>
                </xsl:call-template>
              </svg>
              <span class="ends">
                <span><xsl:value-of select="$first"/></span>
                <span>day <xsl:value-of select="$days"/></span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          <xsl:for-each select="$rows[position() &lt;= $max]">
            <tr>
              <td class="num">
                <xsl:call-template name="n">
                  <xsl:with-param name="n" select="o:td[1]"/>
                </xsl:call-template>
              </td>
              <td class="which">
                <xsl:call-template name="short">
                  <xsl:with-param name="s" select="string(o:td[2])"/>
                  <xsl:with-param name="max" select="90"/>
                </xsl:call-template>
              </td>
              <td class="num"><xsl:value-of select="o:td[3]"/></td>
              <td class="num"><xsl:value-of select="o:td[4]"/></td>
              <td class="strip">
                <svg xmlns="http://www.w3.org/2000/svg" role="img"
                    viewBox="0 0 {$days * 10} 16" preserveAspectRatio="none">
                  <title>
                    <xsl:value-of select="concat(o:td[3], ' days not in FIPS mode, ',
                        o:td[4], ' not determined, ', o:td[5], ' in FIPS mode')"/>
                  </title>
                  <xsl:call-template name="strip">
                    <xsl:with-param name="s" select="string(o:td[last()])"/>
                    <xsl:with-param name="at" select="0"/>
                    <xsl:with-param name="max" select="$max"/>
                  </xsl:call-template>
                </svg>
              </td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
      <figcaption>
        <xsl:call-template name="key-of"><xsl:with-param name="c" select="'F'"/>
          <xsl:with-param name="max" select="$max"/>
          <xsl:with-param name="text" select="'in FIPS mode all day'"/></xsl:call-template>
        <xsl:call-template name="key-of"><xsl:with-param name="c" select="'x'"/>
          <xsl:with-param name="max" select="$max"/>
          <xsl:with-param name="text" select="'not in FIPS mode at some time'"/></xsl:call-template>
        <xsl:call-template name="key-of"><xsl:with-param name="c" select="'?'"/>
          <xsl:with-param name="max" select="$max"/>
          <xsl:with-param name="text" select="'not determined at some time'"/></xsl:call-template>
        <xsl:call-template name="key-of"><xsl:with-param name="c" select="'.'"/>
          <xsl:with-param name="max" select="$max"/>
          <xsl:with-param name="text" select="'not in the inventory'"/></xsl:call-template>
      </figcaption>
      <xsl:call-template name="more-rows">
        <xsl:with-param name="shown" select="count($rows[position() &lt;= $max])"/>
      </xsl:call-template>
    </figure>
  </xsl:if>
</xsl:template>

<xsl:template name="key-of">
  <xsl:param name="c"/>
  <xsl:param name="text"/>
  <xsl:param name="max"/>
  <span class="mk">
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 16" aria-hidden="true">
      <xsl:call-template name="strip">
        <xsl:with-param name="s" select="concat($c, $c)"/>
        <xsl:with-param name="at" select="0"/>
        <xsl:with-param name="max" select="$max"/>
      </xsl:call-template>
    </svg>
    <xsl:text> </xsl:text>
    <xsl:value-of select="$text"/>
  </span>
</xsl:template>

<xsl:template name="weeks">
  <xsl:param name="at"/>
  <xsl:param name="days"/>
  <xsl:if test="$at &lt; $days">
    <rect xmlns="http://www.w3.org/2000/svg" class="tick" x="{$at * 10}" y="6"
        width="2" height="8"/>
    <xsl:call-template name="weeks">
      <xsl:with-param name="at" select="$at + 7"/>
      <xsl:with-param name="days" select="$days"/>
    </xsl:call-template>
  </xsl:if>
</xsl:template>

<!-- Equal days one after another are one rectangle. -->
<xsl:template name="strip">
  <xsl:param name="s"/>
  <xsl:param name="at"/>
  <xsl:param name="max"/>
  <xsl:if test="$s != ''">
    <xsl:variable name="c" select="substring($s, 1, 1)"/>
    <xsl:variable name="others" select="translate('Fx?.', $c, '')"/>
    <xsl:variable name="tail" select="translate($s, $others,
        '||||')"/>
    <xsl:variable name="n">
      <xsl:choose>
        <xsl:when test="contains($tail, '|')">
          <xsl:value-of select="string-length(substring-before($tail, '|'))"/>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="string-length($s)"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="$c = 'F'">
        <rect xmlns="http://www.w3.org/2000/svg" class="f" x="{$at * 10}" y="3"
            width="{$n * 10}" height="10"/>
      </xsl:when>
      <xsl:when test="$c = 'x'">
        <rect xmlns="http://www.w3.org/2000/svg" x="{$at * 10}" y="0"
            width="{$n * 10}" height="16" fill="url(#p-no-{$max})"/>
      </xsl:when>
      <xsl:when test="$c = '?'">
        <rect xmlns="http://www.w3.org/2000/svg" x="{$at * 10}" y="1"
            width="{$n * 10}" height="14" fill="url(#p-un-{$max})"/>
      </xsl:when>
      <xsl:otherwise>
        <rect xmlns="http://www.w3.org/2000/svg" class="g" x="{$at * 10}" y="7"
            width="{$n * 10}" height="2"/>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="strip">
      <xsl:with-param name="s" select="substring($s, $n + 1)"/>
      <xsl:with-param name="at" select="$at + $n"/>
      <xsl:with-param name="max" select="$max"/>
    </xsl:call-template>
  </xsl:if>
</xsl:template>

<xsl:template name="not-known">
  <xsl:variable name="reasons" select="$observations[generate-id() =
      generate-id(key('unknown', string(o:description))[1])]"/>
  <div class="unknowns" id="unknowns">
    <h3>Unknown results and collection gaps</h3>
    <ul>
      <xsl:if test="$unseen-count &gt; 0">
        <li>
          <b>
            <xsl:call-template name="of">
              <xsl:with-param name="n" select="$unseen-count"/>
              <xsl:with-param name="one" select="'subject'"/>
            </xsl:call-template>
          </b>
          <xsl:text> of the population could not be observed: </xsl:text>
          <xsl:for-each select="$unseen[position() &lt;= 5]">
            <xsl:if test="position() &gt; 1">, </xsl:if>
            <xsl:call-template name="name"/>
            <xsl:value-of select="concat(' (',
                o:prop[@name='outcome']/@value, ')')"/>
          </xsl:for-each>
          <xsl:if test="$unseen-count &gt; 5">
            <xsl:text>, and </xsl:text>
            <xsl:call-template name="n">
              <xsl:with-param name="n" select="$unseen-count - 5"/>
            </xsl:call-template>
            <xsl:text> more</xsl:text>
          </xsl:if>
          <xsl:text>. </xsl:text>
          <a href="#population">Population</a>
        </li>
      </xsl:if>
      <xsl:for-each select="$reasons">
        <xsl:sort data-type="number" order="descending" select="sum(key(
            'unknown', string(o:description))/
            o:prop[@name='subjects']/@value)"/>
        <xsl:variable name="same"
            select="key('unknown', string(o:description))"/>
        <xsl:if test="position() &lt;= 8">
          <li>
            <b>
              <xsl:call-template name="of">
                <xsl:with-param name="n"
                    select="sum($same/o:prop[@name='subjects']/@value)"/>
                <xsl:with-param name="one" select="'verdict'"/>
              </xsl:call-template>
            </b>
            <xsl:text> unknown because </xsl:text>
            <xsl:call-template name="inline">
              <xsl:with-param name="of" select="o:description"/>
            </xsl:call-template>
            <xsl:text> (</xsl:text>
            <xsl:for-each select="$same[position() &lt;= 12]">
              <xsl:variable name="c" select="key('check',
                  o:prop[@name='check']/@value)/
                  o:prop[@name='number']/@value"/>
              <xsl:if test="position() &gt; 1">, </xsl:if>
              <a href="#{$c}"><xsl:value-of select="$c"/></a>
            </xsl:for-each>
            <xsl:if test="count($same) &gt; 12">, &#x2026;</xsl:if>
            <xsl:text>)</xsl:text>
          </li>
        </xsl:if>
      </xsl:for-each>
      <xsl:if test="count($reasons) &gt; 8">
        <li>
          <xsl:call-template name="of">
            <xsl:with-param name="n" select="count($reasons) - 8"/>
            <xsl:with-param name="one" select="'further reason'"/>
          </xsl:call-template>
          <xsl:text>, under </xsl:text>
          <a href="#findings">Findings</a>
        </li>
      </xsl:if>
      <xsl:if test="$gaps">
        <li>
          <b>
            <xsl:call-template name="of">
              <xsl:with-param name="n"
                  select="$result/o:prop[@name='gaps']/@value"/>
              <xsl:with-param name="one" select="'collection gap'"/>
            </xsl:call-template>
          </b>
          <xsl:text> in the last run. </xsl:text>
          <a href="#gaps">Gaps</a>
        </li>
      </xsl:if>
      <xsl:if test="$result/o:prop[@name='observations']/@value &gt;
          count($observations)">
        <li>
          <xsl:text>This page shows </xsl:text>
          <xsl:call-template name="n">
            <xsl:with-param name="n" select="count($observations)"/>
          </xsl:call-template>
          <xsl:text> of </xsl:text>
          <xsl:call-template name="of">
            <xsl:with-param name="n"
                select="$result/o:prop[@name='observations']/@value"/>
            <xsl:with-param name="one" select="'observation'"/>
          </xsl:call-template>
          <xsl:text>; the counts are whole, and so is the XML.</xsl:text>
        </li>
      </xsl:if>
      <xsl:if test="$silent">
        <li>
          <b>
            <xsl:call-template name="of">
              <xsl:with-param name="n" select="count($silent)"/>
              <xsl:with-param name="one" select="'check'"/>
            </xsl:call-template>
          </b>
          <xsl:text> of </xsl:text>
          <xsl:value-of select="count($checks)"/>
          <xsl:text> were not evaluated: the population has no applicable items,
            or none were collected. </xsl:text>
          <a href="#silent">Which</a>
        </li>
      </xsl:if>
      <li>Systems outside the collection scope are not covered by this
        report.</li>
    </ul>
  </div>
</xsl:template>

<xsl:template name="glance">
  <h3 id="glance">Checks at a glance</h3>
  <div class="scroll" tabindex="0" role="region" aria-label="Checks at a glance">
    <table class="glance">
      <caption>Every check that judged something, with the number of subjects per verdict</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Severity</th>
          <th scope="col">Verdicts</th>
          <th scope="col" class="num">Satisfied</th>
          <th scope="col" class="num">Not satisfied</th>
          <th scope="col" class="num">Unknown</th>
          <th scope="col" class="num">Not applicable</th>
        </tr>
      </thead>
      <tbody>
        <xsl:for-each select="$checks[not(@uuid = $silent/@uuid)]">
          <tr>
            <th scope="row">
              <a class="id" href="#{o:prop[@name='number']/@value}">
                <xsl:value-of select="o:prop[@name='number']/@value"/>
              </a>
              <span>
                <xsl:call-template name="short">
                  <xsl:with-param name="s" select="string(o:title)"/>
                  <xsl:with-param name="max" select="160"/>
                </xsl:call-template>
              </span>
            </th>
            <td>
              <xsl:call-template name="severity"/>
            </td>
            <td class="bars"><xsl:call-template name="bar"/></td>
            <xsl:call-template name="count-cells"/>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </div>
  <xsl:if test="$silent">
    <details class="silent" id="silent">
      <summary>
        <xsl:call-template name="of">
          <xsl:with-param name="n" select="count($silent)"/>
          <xsl:with-param name="one" select="'check'"/>
        </xsl:call-template>
        <xsl:text> had nothing to judge</xsl:text>
      </summary>
      <p class="note">Nothing of the kinds that they ask about is in the
        population: it was not collected, or there is none. They say nothing,
        neither good nor bad.</p>
      <ul class="names">
        <xsl:for-each select="$silent">
          <li>
            <span class="id"><xsl:value-of select="o:prop[@name='number']/@value"/></span>
            <xsl:text> </xsl:text>
            <xsl:call-template name="short">
              <xsl:with-param name="s" select="string(o:title)"/>
              <xsl:with-param name="max" select="160"/>
            </xsl:call-template>
          </li>
        </xsl:for-each>
      </ul>
    </details>
  </xsl:if>
</xsl:template>

<xsl:template name="severity">
  <xsl:variable name="s" select="o:prop[@name='severity']/@value"/>
  <xsl:if test="$s">
    <span class="sev sev-{translate($s, translate($s, $lower, ''), '')}">
      <xsl:value-of select="$s"/>
    </span>
  </xsl:if>
</xsl:template>

<xsl:template name="count-cell">
  <xsl:param name="v"/>
  <xsl:param name="n"/>
  <td class="num">
    <xsl:choose>
      <xsl:when test="$n &gt; 0">
        <span class="n {$v}">
          <xsl:call-template name="n">
            <xsl:with-param name="n" select="$n"/>
          </xsl:call-template>
        </span>
      </xsl:when>
      <xsl:otherwise><span class="zero">0</span></xsl:otherwise>
    </xsl:choose>
  </td>
</xsl:template>

<xsl:template name="count-cells">
  <xsl:param name="of" select="."/>
  <xsl:call-template name="count-cell">
    <xsl:with-param name="v" select="'satisfied'"/>
    <xsl:with-param name="n"
        select="sum($of/o:prop[@name='satisfied']/@value)"/>
  </xsl:call-template>
  <xsl:call-template name="count-cell">
    <xsl:with-param name="v" select="'not-satisfied'"/>
    <xsl:with-param name="n"
        select="sum($of/o:prop[@name='not-satisfied']/@value)"/>
  </xsl:call-template>
  <xsl:call-template name="count-cell">
    <xsl:with-param name="v" select="'unknown'"/>
    <xsl:with-param name="n"
        select="sum($of/o:prop[@name='unknown']/@value)"/>
  </xsl:call-template>
  <xsl:call-template name="count-cell">
    <xsl:with-param name="v" select="'not-applicable'"/>
    <xsl:with-param name="n"
        select="sum($of/o:prop[@name='not-applicable']/@value)"/>
  </xsl:call-template>
</xsl:template>

<xsl:template name="severities">
  <h3>By severity</h3>
  <div class="scroll" tabindex="0" role="region" aria-label="Verdicts by severity">
    <table class="narrow">
      <caption>Verdicts by the severity of their check</caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col" class="num">Checks</th>
          <th scope="col" class="num">Satisfied</th>
          <th scope="col" class="num">Not satisfied</th>
          <th scope="col" class="num">Unknown</th>
          <th scope="col" class="num">Not applicable</th>
        </tr>
      </thead>
      <tbody>
        <xsl:for-each select="$checks[generate-id() = generate-id(
            key('severity', o:prop[@name='severity']/@value)[1])]">
          <xsl:sort data-type="number" select="string-length(substring-before(
              'high medium low info', o:prop[@name='severity']/@value))"/>
          <xsl:variable name="all"
              select="key('severity', o:prop[@name='severity']/@value)"/>
          <tr>
            <th scope="row"><xsl:call-template name="severity"/></th>
            <td class="num"><xsl:value-of select="count($all)"/></td>
            <xsl:call-template name="count-cells">
              <xsl:with-param name="of" select="$all"/>
            </xsl:call-template>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </div>
</xsl:template>

<!-- ============================================================== scope -->

<xsl:template name="scope">
  <section id="scope" aria-labelledby="h-scope">
    <h2 id="h-scope"><span class="no"></span> Scope</h2>
    <p>The store holds responses of the targets below, as of run
      <xsl:value-of select="$run"/>; each line counts the newest response of a
      target. Targets that did not respond are included. Systems that were not
      asked are outside this report.<xsl:if
        test="$all-tables[@class='scope-over-period']">
        <xsl:text> The union of what was asked in the period: </xsl:text>
        <a href="#t-scope-over-period">What was asked in the period</a>.
      </xsl:if></p>
    <xsl:choose>
      <xsl:when test="$totals">
        <div class="scroll" tabindex="0" role="region" aria-label="Coverage">
          <table>
            <caption>Targets, by collector and outcome</caption>
            <thead>
              <tr>
                <th scope="col">Collector</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="num">Targets</th>
                <th scope="col" class="num">Items recorded</th>
                <th scope="col" class="num">Requests attempted</th>
                <th scope="col" class="num">Requests denied</th>
                <th scope="col">Last attempted (UTC)</th>
              </tr>
            </thead>
            <tbody>
              <xsl:for-each select="$totals">
                <tr>
                  <th scope="row">
                    <xsl:value-of select="o:prop[@name='collector']/@value"/>
                  </th>
                  <td><xsl:value-of select="o:prop[@name='outcome']/@value"/></td>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n"
                          select="o:prop[@name='scopes']/@value"/>
                    </xsl:call-template>
                  </td>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n"
                          select="o:prop[@name='subjects']/@value"/>
                    </xsl:call-template>
                  </td>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n"
                          select="o:prop[@name='calls']/@value"/>
                    </xsl:call-template>
                  </td>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n"
                          select="o:prop[@name='denied']/@value"/>
                    </xsl:call-template>
                  </td>
                  <td>
                    <xsl:call-template name="time">
                      <xsl:with-param name="t" select="o:start"/>
                      <xsl:with-param name="zone" select="''"/>
                    </xsl:call-template>
                  </td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
        <details class="scope-list">
          <summary>
            <xsl:text>All </xsl:text>
            <xsl:call-template name="of">
              <xsl:with-param name="n"
                  select="$result/o:prop[@name='scopes']/@value"/>
              <xsl:with-param name="one" select="'place'"/>
            </xsl:call-template>
            <xsl:text> asked</xsl:text>
          </summary>
          <ul class="names">
            <xsl:for-each select="$coverages">
              <li>
                <xsl:call-template name="short">
                  <xsl:with-param name="s"
                      select="o:prop[@name='scope']/@value"/>
                  <xsl:with-param name="max" select="120"/>
                </xsl:call-template>
                <xsl:if test="o:prop[@name='outcome']/@value != 'observed'">
                  <span class="in">
                    <xsl:value-of select="concat(' ',
                        o:prop[@name='outcome']/@value)"/>
                  </span>
                </xsl:if>
              </li>
            </xsl:for-each>
          </ul>
          <xsl:call-template name="rest">
            <xsl:with-param name="shown" select="count($coverages)"/>
            <xsl:with-param name="all"
                select="$result/o:prop[@name='scopes']/@value"/>
          </xsl:call-template>
        </details>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">No collector has asked anything.</p>
      </xsl:otherwise>
    </xsl:choose>
  </section>
</xsl:template>

<!-- "... and 20 more in the XML" -->
<xsl:template name="rest">
  <xsl:param name="shown"/>
  <xsl:param name="all"/>
  <xsl:if test="$all &gt; $shown">
    <p class="rest">
      <xsl:text>and </xsl:text>
      <xsl:call-template name="n">
        <xsl:with-param name="n" select="$all - $shown"/>
      </xsl:call-template>
      <xsl:text> more, all of them in </xsl:text>
      <code><xsl:value-of select="concat($basename, '.xml')"/></code>
    </p>
  </xsl:if>
</xsl:template>

<!-- ============================================================= method -->

<xsl:template name="method">
  <section id="method" aria-labelledby="h-method">
    <h2 id="h-method"><span class="no"></span> Method</h2>
    <p>Collection only reads. A check is one SQL query over the stored evidence.
      It is applied to every inventory item of its kinds and gives each one
      result with the reason. Where evidence is missing, denied or unreadable,
      the result is <b>unknown</b>. Unknown is never counted as satisfied.
      SP 800-53A methods: <i>Examine</i> for stored configuration and API data;
      <i>Test</i> for probes and commands that exercise a mechanism. No
      interviews.</p>
    <dl class="facts">
      <xsl:call-template name="fact">
        <xsl:with-param name="name" select="'Judged by'"/>
        <xsl:with-param name="value" select="concat('exhibit ',
            $meta/o:prop[@name='exhibit']/@value)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name" select="'Its own cryptographic module'"/>
        <xsl:with-param name="value"
            select="$meta/o:prop[@name='module']/@value"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name" select="'Profile'"/>
        <xsl:with-param name="value"
            select="$meta/o:prop[@name='profile']/@value"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name" select="'Assessment plan'"/>
        <xsl:with-param name="value" select="'none supplied'"/>
      </xsl:call-template>
    </dl>
    <xsl:if test="$checks">
      <h3>The checks</h3>
      <p class="rest folded">Rationale, controls, references and digest of each
        check are on the screen, in the XML, and given by <code>exhibit checks
        NAME</code>.</p>
      <div class="rules">
        <xsl:for-each select="$checks">
          <details>
            <summary>
              <span class="id">
                <xsl:value-of select="o:prop[@name='number']/@value"/>
              </span>
              <span class="t">
                <xsl:call-template name="short">
                  <xsl:with-param name="s" select="string(o:title)"/>
                  <xsl:with-param name="max" select="160"/>
                </xsl:call-template>
              </span>
              <xsl:call-template name="severity"/>
            </summary>
            <xsl:call-template name="prose">
              <xsl:with-param name="of" select="o:description"/>
            </xsl:call-template>
            <dl class="facts">
              <xsl:call-template name="fact">
                <xsl:with-param name="name" select="'Check'"/>
                <xsl:with-param name="value"
                    select="o:prop[@name='check']/@value"/>
                <xsl:with-param name="code" select="true()"/>
              </xsl:call-template>
              <xsl:call-template name="fact">
                <xsl:with-param name="name" select="'Layer'"/>
                <xsl:with-param name="value"
                    select="o:prop[@name='layer']/@value"/>
              </xsl:call-template>
              <div>
                <dt>Controls</dt>
                <dd><xsl:call-template name="controls"/></dd>
              </div>
              <xsl:for-each select="o:prop[@name='reference']">
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Reference'"/>
                  <xsl:with-param name="value" select="@value"/>
                </xsl:call-template>
              </xsl:for-each>
              <xsl:call-template name="fact">
                <xsl:with-param name="name"
                    select="'SHA-256 of the check as kept in the store'"/>
                <xsl:with-param name="value"
                    select="o:prop[@name='sha256']/@value"/>
                <xsl:with-param name="code" select="true()"/>
              </xsl:call-template>
            </dl>
          </details>
        </xsl:for-each>
      </div>
    </xsl:if>
  </section>
</xsl:template>

<xsl:template name="controls">
  <xsl:for-each select="o:prop[@name='control']">
    <xsl:if test="position() &gt; 1">, </xsl:if>
    <span class="tok"><xsl:call-template name="control-name"/></span>
  </xsl:for-each>
  <xsl:if test="not(o:prop[@name='control'])">none named</xsl:if>
</xsl:template>

<!-- ========================================================= population -->

<xsl:template name="population">
  <section id="population" aria-labelledby="h-population">
    <h2 id="h-population"><span class="no"></span> Population</h2>
    <p>Each check was applied to all inventory items of its kinds. No sampling.
      The population is what the store holds as of run
      <xsl:value-of select="$run"/>, including items that could not be
      collected. The command under <a href="#verify">How to verify</a> lists
      it.<xsl:if test="$all-tables[@class='population-over-period']">
        <xsl:text> Observed here means that the newest stored response had it,
          however old. </xsl:text>
        <a href="#t-population-over-period">Population over the period</a>
        <xsl:text> shows what was stale, not observed or removed.</xsl:text>
      </xsl:if></p>
    <xsl:choose>
      <xsl:when test="$items">
        <div class="scroll" tabindex="0" role="region" aria-label="Population">
          <table class="narrow">
            <caption>Subjects by kind</caption>
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col" class="num">Subjects</th>
                <th scope="col" class="num">Observed</th>
                <th scope="col" class="num">Not observed</th>
              </tr>
            </thead>
            <tbody>
              <xsl:for-each
                  select="$result/o:prop[@name='population']">
                <xsl:variable name="class" select="@class"/>
                <xsl:variable name="seen" select="$result/
                    o:prop[@name='observed' and @class=$class]/@value"/>
                <tr>
                  <th scope="row"><xsl:value-of select="@class"/></th>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n" select="@value"/>
                    </xsl:call-template>
                  </td>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n" select="$seen"/>
                    </xsl:call-template>
                  </td>
                  <td class="num">
                    <xsl:call-template name="n">
                      <xsl:with-param name="n" select="@value - $seen"/>
                    </xsl:call-template>
                  </td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
        <xsl:call-template name="unobserved">
          <xsl:with-param name="of" select="$unseen"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">The population is empty.</p>
      </xsl:otherwise>
    </xsl:choose>
  </section>
</xsl:template>

<xsl:template name="unobserved">
  <xsl:param name="of"/>
  <xsl:if test="$of">
    <h3>Subjects that were not observed</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Subjects not observed">
      <table>
        <caption>Not observed in this run, with when they last were</caption>
        <thead>
          <tr>
            <th scope="col">Subject</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
            <th scope="col">Last seen (UTC)</th>
          </tr>
        </thead>
        <tbody>
          <xsl:for-each select="$of[position() &lt;= 250]">
            <tr>
              <th scope="row"><xsl:call-template name="name"/></th>
              <td><xsl:value-of select="o:prop[@name='outcome']/@value"/></td>
              <td>
                <xsl:call-template name="short">
                  <xsl:with-param name="s"
                      select="o:prop[@name='reason']/@value"/>
                </xsl:call-template>
              </td>
              <td>
                <xsl:call-template name="time">
                  <xsl:with-param name="t"
                      select="o:prop[@name='last-seen']/@value"/>
                  <xsl:with-param name="zone" select="''"/>
                </xsl:call-template>
              </td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
    <xsl:call-template name="rest">
      <xsl:with-param name="shown" select="count($of[position() &lt;= 250])"/>
      <xsl:with-param name="all" select="$unseen-count"/>
    </xsl:call-template>
  </xsl:if>
</xsl:template>

<!-- =============================================================== gaps -->

<xsl:template name="deviations">
  <section id="gaps" aria-labelledby="h-gaps">
    <h2 id="h-gaps"><span class="no"></span> Gaps and deviations</h2>
    <xsl:variable name="state"
        select="$result/o:prop[@name='state']/@value"/>
    <xsl:if test="$all-tables[@class='gaps-in-period']">
      <p>This table shows the last run alone. Gaps of the whole period:
        <a href="#t-gaps-in-period">Collection gaps of the whole
        period</a>.</p>
    </xsl:if>
    <xsl:if test="$state and $state != 'complete'">
      <p>
        <xsl:text>The run ended </xsl:text>
        <b><xsl:value-of select="$state"/></b>
        <xsl:text>: not everything that was planned was answered. Where a
          place did not answer in full, the state before it stands and is
          shown with the time it was last seen.</xsl:text>
      </p>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$gaps">
        <div class="scroll" tabindex="0" role="region" aria-label="Gaps">
          <table>
            <caption>Collection gaps of the last run</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Outcome</th>
                <th scope="col">Reason</th>
                <th scope="col">Where</th>
              </tr>
            </thead>
            <tbody>
              <xsl:for-each select="$gaps[position() &lt;= 250]">
                <xsl:variable name="scopes"
                    select="o:prop[@name='scope']/@value"/>
                <tr>
                  <th scope="row">
                    <xsl:choose>
                      <xsl:when test="o:prop[@name='kind']">
                        <xsl:value-of select="o:prop[@name='kind']/@value"/>
                      </xsl:when>
                      <xsl:otherwise>everything</xsl:otherwise>
                    </xsl:choose>
                    <span class="in">
                      <xsl:value-of select="concat(' by ',
                          o:prop[@name='collector']/@value)"/>
                    </span>
                  </th>
                  <td><xsl:value-of select="o:prop[@name='outcome']/@value"/></td>
                  <td>
                    <xsl:call-template name="short">
                      <xsl:with-param name="s"
                          select="o:prop[@name='reason']/@value"/>
                    </xsl:call-template>
                  </td>
                  <td>
                    <xsl:for-each select="$scopes[position() &lt;= 3]">
                      <xsl:if test="position() &gt; 1">, </xsl:if>
                      <xsl:call-template name="short">
                        <xsl:with-param name="s" select="string(.)"/>
                        <xsl:with-param name="max" select="120"/>
                      </xsl:call-template>
                    </xsl:for-each>
                    <xsl:if test="count($scopes) &gt; 3">
                      <details>
                        <summary>
                          <xsl:call-template name="n">
                            <xsl:with-param name="n" select="
                                o:prop[@name='scopes']/@value - 3"/>
                          </xsl:call-template>
                          <xsl:text> more</xsl:text>
                        </summary>
                        <ul class="names">
                          <xsl:for-each select="$scopes[position() &gt; 3]">
                            <li>
                              <xsl:call-template name="short">
                                <xsl:with-param name="s" select="string(.)"/>
                                <xsl:with-param name="max" select="120"/>
                              </xsl:call-template>
                            </li>
                          </xsl:for-each>
                        </ul>
                        <xsl:call-template name="rest">
                          <xsl:with-param name="shown"
                              select="count($scopes)"/>
                          <xsl:with-param name="all"
                              select="o:prop[@name='scopes']/@value"/>
                        </xsl:call-template>
                      </details>
                    </xsl:if>
                  </td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </xsl:when>
      <xsl:when test="$totals">
        <p class="none">All targets of the last run were collected in full.</p>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">Nothing was asked, so nothing deviated.</p>
      </xsl:otherwise>
    </xsl:choose>
  </section>
</xsl:template>

<!-- =========================================================== findings -->

<xsl:template name="findings">
  <section id="findings" aria-labelledby="h-findings">
    <h2 id="h-findings"><span class="no"></span> Findings</h2>
    <xsl:choose>
      <xsl:when test="$checks">
        <p>First by control, then check by check: what was found and of whom
          (condition), what it is held against (criterion), and what would put
          it right. Numbers such as C1.2 and E7 are those of the XML.</p>
        <xsl:call-template name="by-control"/>
        <xsl:call-template name="filters"/>
        <xsl:for-each select="$checks[not(@uuid = $silent/@uuid)]">
          <xsl:call-template name="check"/>
        </xsl:for-each>
        <xsl:if test="$silent">
          <details class="long">
            <summary>
              <xsl:text>The </xsl:text>
              <xsl:call-template name="of">
                <xsl:with-param name="n" select="count($silent)"/>
                <xsl:with-param name="one" select="'check'"/>
              </xsl:call-template>
              <xsl:text> that had nothing to judge</xsl:text>
            </summary>
            <xsl:for-each select="$silent">
              <xsl:call-template name="check"/>
            </xsl:for-each>
          </details>
        </xsl:if>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">No check was run.</p>
      </xsl:otherwise>
    </xsl:choose>
  </section>
</xsl:template>

<!-- A link shows one verdict's checks alone: the target it leads to hides the
     others. The class of a check is its worst verdict. -->
<xsl:template name="filters">
  <span id="only-not-satisfied"></span>
  <span id="only-unknown"></span>
  <span id="only-satisfied"></span>
  <h3 id="all-checks">Check by check</h3>
  <p class="filters">
    <span>Show</span>
    <a href="#all-checks" class="f-all">all</a>
    <xsl:call-template name="filter">
      <xsl:with-param name="v" select="'not-satisfied'"/>
    </xsl:call-template>
    <xsl:call-template name="filter">
      <xsl:with-param name="v" select="'unknown'"/>
    </xsl:call-template>
    <xsl:call-template name="filter">
      <xsl:with-param name="v" select="'satisfied'"/>
    </xsl:call-template>
  </p>
  <xsl:variable name="quiet" select="count($checks[
      (o:prop[@name='verdict']/@value = 'satisfied' or
       o:prop[@name='verdict']/@value = 'not-applicable')
      and not(@uuid = $silent/@uuid)])"/>
  <p class="rest folded">
    <xsl:text>Failures and unknowns, with every item's name. </xsl:text>
    <xsl:call-template name="of">
      <xsl:with-param name="n" select="$quiet"/>
      <xsl:with-param name="one" select="'check'"/>
    </xsl:call-template>
    <xsl:text> without either </xsl:text>
    <xsl:choose>
      <xsl:when test="$quiet = 1">is</xsl:when>
      <xsl:otherwise>are</xsl:otherwise>
    </xsl:choose>
    <xsl:text> on the screen and, with their counts, under </xsl:text>
    <a href="#glance">Checks at a glance</a>
    <xsl:text>. The evidence of each finding is on the screen and in the
      XML.</xsl:text>
  </p>
</xsl:template>

<xsl:template name="filter">
  <xsl:param name="v"/>
  <xsl:variable name="n" select="count($checks[o:prop[@name='verdict']/@value = $v
      and not(@uuid = $silent/@uuid)])"/>
  <xsl:if test="$n &gt; 0">
    <a href="#only-{$v}" class="f-{$v}">
      <xsl:call-template name="chip">
        <xsl:with-param name="v" select="$v"/>
      </xsl:call-template>
      <xsl:text> </xsl:text>
      <xsl:value-of select="$n"/>
    </a>
  </xsl:if>
</xsl:template>

<xsl:template name="by-control">
  <xsl:variable name="controls" select="$checks/o:prop[@name='control']
      [generate-id() = generate-id(key('control', concat(@class, ' ',
      @value))[1])]"/>
  <xsl:if test="$controls">
    <h3>By control</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Findings by control">
      <table>
        <caption>The least favourable verdict of any check on the control; it
          is not a verdict on the control as a whole</caption>
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Framework</th>
            <th scope="col">Result</th>
            <th scope="col">Checks</th>
          </tr>
        </thead>
        <tbody>
          <xsl:for-each select="$controls">
            <xsl:sort select="not(starts-with(@class, 'nist-800-53'))"/>
            <xsl:sort select="@class"/>
            <xsl:sort select="substring-before(@value, '-')"/>
            <xsl:sort data-type="number"
                select="translate(substring-before(translate(concat(
                  substring-after(@value, '-'), '('), '.', '('), '('), concat($lower, $upper), '')"/>
            <xsl:sort data-type="number" select="substring-before(
                substring-after(@value, '('), ')')"/>
            <xsl:sort select="string-length(@value)"/>
            <xsl:sort select="@value"/>
            <xsl:variable name="all"
                select="key('control', concat(@class, ' ', @value))/.."/>
            <xsl:variable name="judged"
                select="$all[not(@uuid = $silent/@uuid)]"/>
            <xsl:variable name="v" select="$judged/o:prop[@name='verdict']"/>
            <xsl:if test="$judged">
            <tr>
              <th scope="row">
                <span class="tok"><xsl:call-template name="control-name"/></span>
                <span class="in"><xsl:call-template name="control-title"/></span>
              </th>
              <td>
                <xsl:call-template name="framework">
                  <xsl:with-param name="id" select="@class"/>
                </xsl:call-template>
              </td>
              <td>
                <xsl:call-template name="chip">
                  <xsl:with-param name="v">
                    <xsl:choose>
                      <xsl:when test="$v/@value='not-satisfied'">not-satisfied</xsl:when>
                      <xsl:when test="$v/@value='unknown'">unknown</xsl:when>
                      <xsl:when test="$v/@value='satisfied'">satisfied</xsl:when>
                      <xsl:otherwise>not-applicable</xsl:otherwise>
                    </xsl:choose>
                  </xsl:with-param>
                </xsl:call-template>
              </td>
              <td>
                <xsl:for-each select="$judged">
                  <xsl:if test="position() &gt; 1">, </xsl:if>
                  <a href="#{o:prop[@name='number']/@value}">
                    <xsl:value-of select="o:prop[@name='number']/@value"/>
                  </a>
                </xsl:for-each>
              </td>
            </tr>
            </xsl:if>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
    <xsl:variable name="mute" select="$controls[not(key('control', concat(@class,
        ' ', @value))/parent::*[not(@uuid = $silent/@uuid)])]"/>
    <xsl:if test="$mute">
      <details class="silent">
        <summary>
          <xsl:text>Of </xsl:text>
          <xsl:call-template name="of">
            <xsl:with-param name="n" select="count($mute)"/>
            <xsl:with-param name="one" select="'control'"/>
          </xsl:call-template>
          <xsl:text> nothing was judged</xsl:text>
        </summary>
        <ul class="names">
          <xsl:for-each select="$mute">
            <xsl:sort select="@class"/>
            <xsl:sort select="@value"/>
            <li>
              <xsl:call-template name="control-name"/>
              <span class="in">
                <xsl:text> </xsl:text>
                <xsl:call-template name="framework">
                  <xsl:with-param name="id" select="@class"/>
                </xsl:call-template>
              </span>
            </li>
          </xsl:for-each>
        </ul>
      </details>
    </xsl:if>
  </xsl:if>
</xsl:template>

<xsl:template name="check">
  <xsl:variable name="id" select="o:prop[@name='check']/@value"/>
  <xsl:variable name="number" select="o:prop[@name='number']/@value"/>
  <xsl:variable name="v" select="string(o:prop[@name='verdict']/@value)"/>
  <xsl:variable name="groups" select="key('observation', $id)"/>
  <xsl:variable name="total" select="o:prop[@name='satisfied']/@value +
      o:prop[@name='not-satisfied']/@value +
      o:prop[@name='unknown']/@value +
      o:prop[@name='not-applicable']/@value"/>
  <article class="check {$v}" id="{$number}">
    <header>
      <div>
      <p class="over">
        <span class="id"><xsl:value-of select="$number"/></span>
        <xsl:call-template name="severity"/>
        <xsl:if test="o:prop[@name='layer']">
          <span class="layer">
            <xsl:text>layer </xsl:text>
            <xsl:call-template name="short">
              <xsl:with-param name="s"
                  select="string(o:prop[@name='layer']/@value)"/>
              <xsl:with-param name="max" select="40"/>
            </xsl:call-template>
          </span>
        </xsl:if>
      </p>
      <h4>
        <xsl:call-template name="short">
          <xsl:with-param name="s" select="string(o:title)"/>
        </xsl:call-template>
      </h4>
      </div>
      <xsl:call-template name="bar"/>
    </header>
    <p class="criterion">
      <b>Criterion.</b>
      <xsl:text> </xsl:text>
      <xsl:call-template name="inline">
        <xsl:with-param name="of" select="o:description"/>
      </xsl:call-template>
    </p>
    <p class="held in">
      <xsl:text>Held against </xsl:text>
      <xsl:call-template name="controls"/>
      <xsl:if test="key('finding', $id)">
        <xsl:text>; objective</xsl:text>
        <xsl:if test="count(key('finding', $id)) &gt; 1">s</xsl:if>
        <xsl:text> </xsl:text>
        <xsl:for-each select="key('finding', $id)">
          <xsl:if test="position() &gt; 1">, </xsl:if>
          <span class="tok"><xsl:value-of select="o:target/@target-id"/></span>
        </xsl:for-each>
      </xsl:if>
    </p>
    <xsl:choose>
      <xsl:when test="$total = 0">
        <p class="none">No subject is in the population of this check: nothing
          was judged, and nothing follows.</p>
      </xsl:when>
      <xsl:otherwise>
        <xsl:if test="o:prop[@name='satisfied']/@value +
            o:prop[@name='not-applicable']/@value &gt; 0">
          <p class="rest folded">
            <xsl:text>Satisfied: </xsl:text>
            <xsl:call-template name="n">
              <xsl:with-param name="n" select="o:prop[@name='satisfied']/@value"/>
            </xsl:call-template>
            <xsl:text>, not applicable: </xsl:text>
            <xsl:call-template name="n">
              <xsl:with-param name="n" select="o:prop[@name='not-applicable']/@value"/>
            </xsl:call-template>
            <xsl:text> of </xsl:text>
            <xsl:call-template name="of">
              <xsl:with-param name="n" select="$total"/>
              <xsl:with-param name="one" select="'item'"/>
            </xsl:call-template>
            <xsl:text>; these are on the screen and in the XML.</xsl:text>
          </p>
        </xsl:if>
        <ul class="groups">
          <xsl:call-template name="groups">
            <xsl:with-param name="of" select="$groups[
                o:prop[@name='verdict']/@value='not-satisfied']"/>
          </xsl:call-template>
          <xsl:call-template name="groups">
            <xsl:with-param name="of" select="$groups[
                o:prop[@name='verdict']/@value='unknown']"/>
          </xsl:call-template>
          <xsl:call-template name="groups">
            <xsl:with-param name="of" select="$groups[
                o:prop[@name='verdict']/@value='satisfied']"/>
          </xsl:call-template>
          <xsl:call-template name="groups">
            <xsl:with-param name="of" select="$groups[
                o:prop[@name='verdict']/@value='not-applicable']"/>
          </xsl:call-template>
        </ul>
        <xsl:call-template name="rest">
          <xsl:with-param name="shown"
              select="sum($groups/o:prop[@name='subjects']/@value)"/>
          <xsl:with-param name="all" select="$total"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="$v = 'not-satisfied' or $v = 'unknown'">
      <div class="fix">
        <xsl:if test="o:remarks">
          <p>
            <b>Recommendation.</b>
            <xsl:text> </xsl:text>
            <xsl:call-template name="inline">
              <xsl:with-param name="of" select="o:remarks"/>
            </xsl:call-template>
          </p>
        </xsl:if>
        <xsl:for-each select="key('risk', $id)">
          <p class="risk">
            <xsl:value-of select="concat('Risk ', o:status, ', ')"/>
            <code><xsl:value-of select="@uuid"/></code>
          </p>
          <p class="blanks">
            <span>Owner</span>
            <span>Due</span>
          </p>
        </xsl:for-each>
      </div>
    </xsl:if>
  </article>
</xsl:template>

<!-- The first forty of one verdict; a check that needs more is noise. -->
<xsl:template name="groups">
  <xsl:param name="of"/>
  <xsl:for-each select="$of[position() &lt;= 40]">
    <xsl:call-template name="group"/>
  </xsl:for-each>
  <xsl:if test="count($of) &gt; 40">
    <li>
      <xsl:call-template name="rest">
        <xsl:with-param name="shown" select="40"/>
        <xsl:with-param name="all" select="count($of)"/>
      </xsl:call-template>
    </li>
  </xsl:if>
</xsl:template>

<xsl:template name="group">
  <xsl:variable name="n" select="number(o:prop[@name='subjects']/@value)"/>
  <xsl:variable name="v" select="o:prop[@name='verdict']/@value"/>
  <li class="group {$v}" id="{o:prop[@name='number']/@value}">
    <p class="mark-v">
      <xsl:call-template name="chip">
        <xsl:with-param name="v" select="$v"/>
      </xsl:call-template>
    </p>
    <div>
    <p class="cond">
      <b>
        <xsl:call-template name="n">
          <xsl:with-param name="n" select="$n"/>
        </xsl:call-template>
        <xsl:text> of </xsl:text>
        <xsl:variable name="of" select="key('check', o:prop[@name='check']/@value)"/>
        <xsl:call-template name="of">
          <xsl:with-param name="n" select="$of/o:prop[@name='satisfied']/@value +
              $of/o:prop[@name='not-satisfied']/@value +
              $of/o:prop[@name='unknown']/@value +
              $of/o:prop[@name='not-applicable']/@value"/>
          <xsl:with-param name="one" select="'item'"/>
        </xsl:call-template>
      </b>
      <xsl:text>: </xsl:text>
      <xsl:call-template name="inline">
        <xsl:with-param name="of" select="o:description"/>
      </xsl:call-template>
    </p>
    <xsl:for-each select="o:prop[@name='exception']">
      <p class="except">
        <xsl:text>Exception </xsl:text>
        <xsl:call-template name="short">
          <xsl:with-param name="s" select="string(@value)"/>
          <xsl:with-param name="max" select="400"/>
        </xsl:call-template>
        <xsl:text>. It does not change the verdict. </xsl:text>
        <a href="#t-exceptions">Exceptions</a>
      </p>
    </xsl:for-each>
    <xsl:choose>
      <xsl:when test="$n &lt;= 4">
        <p class="who">
          <xsl:for-each select="key('item', o:subject/@subject-uuid) |
              key('member', o:subject/@subject-uuid)">
            <xsl:if test="position() &gt; 1">, </xsl:if>
            <xsl:call-template name="name"/>
          </xsl:for-each>
        </p>
        <xsl:choose>
          <xsl:when test="count(o:relevant-evidence) &lt;= 12">
            <p class="ev"><xsl:call-template name="relevant"/></p>
          </xsl:when>
          <xsl:otherwise>
            <details>
              <summary>Evidence</summary>
              <p class="ev"><xsl:call-template name="relevant"/></p>
            </details>
          </xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:otherwise>
        <details>
          <summary>Subjects and evidence</summary>
          <xsl:call-template name="subjects">
            <xsl:with-param name="n" select="$n"/>
          </xsl:call-template>
          <p class="ev"><xsl:call-template name="relevant"/></p>
        </details>
      </xsl:otherwise>
    </xsl:choose>
    </div>
  </li>
</xsl:template>

<!-- Of an observation: single subjects by name, postures that have a row in
     the table of layers by its number, the others by their first names. -->
<xsl:template name="subjects">
  <xsl:param name="n"/>
  <xsl:variable name="rows" select="$layered[@uuid =
      current()/o:subject[@type='component']/@subject-uuid]"/>
  <xsl:variable name="named" select="key('item', o:subject/@subject-uuid) |
      key('member', o:subject[not(@subject-uuid = $rows/@uuid)]/@subject-uuid)
      [position() &lt;= 40]"/>
  <ul class="names">
    <xsl:for-each select="$rows">
      <li>
        <a href="#{o:prop[@name='number']/@value}">
          <xsl:value-of select="o:prop[@name='number']/@value"/>
        </a>
        <xsl:text>: </xsl:text>
        <xsl:call-template name="of">
          <xsl:with-param name="n" select="o:prop[@name='subjects']/@value"/>
          <xsl:with-param name="one" select="'subject'"/>
        </xsl:call-template>
      </li>
    </xsl:for-each>
    <xsl:for-each select="$named">
      <li><xsl:call-template name="name"/></li>
    </xsl:for-each>
  </ul>
  <xsl:call-template name="rest">
    <xsl:with-param name="shown" select="count($named) +
        sum($rows/o:prop[@name='subjects']/@value)"/>
    <xsl:with-param name="all" select="$n"/>
  </xsl:call-template>
</xsl:template>

<xsl:template name="relevant">
  <span class="in">
    <xsl:value-of select="concat(o:prop[@name='number']/@value, ' &#xb7; ')"/>
    <xsl:choose>
      <xsl:when test="o:method = 'TEST'">tested</xsl:when>
      <xsl:otherwise>examined</xsl:otherwise>
    </xsl:choose>
    <xsl:if test="o:prop[@name='since']">
      <xsl:text> &#xb7; first evaluated so </xsl:text>
      <xsl:call-template name="time">
        <xsl:with-param name="t" select="o:prop[@name='since']/@value"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:text> &#xb7; </xsl:text>
    <xsl:choose>
      <xsl:when test="o:relevant-evidence">evidence </xsl:when>
      <xsl:otherwise>no evidence</xsl:otherwise>
    </xsl:choose>
  </span>
  <xsl:for-each select="o:relevant-evidence">
    <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
    <xsl:choose>
      <xsl:when test="key('resource', substring-after(@href, '#'))">
        <a href="#{o:description/o:p}">
          <xsl:value-of select="o:description/o:p"/>
        </a>
      </xsl:when>
      <xsl:otherwise>
        <xsl:value-of select="o:description/o:p"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:for-each>
  <xsl:if test="o:prop[@name='evidence']/@value &gt;
      count(o:relevant-evidence)">
    <span class="in">
      <xsl:text> and </xsl:text>
      <xsl:call-template name="n">
        <xsl:with-param name="n" select="o:prop[@name='evidence']/@value -
            count(o:relevant-evidence)"/>
      </xsl:call-template>
      <xsl:text> more</xsl:text>
    </span>
  </xsl:if>
</xsl:template>

<!-- ============================================================== nodes -->

<xsl:template name="nodes">
  <section id="nodes" aria-labelledby="h-nodes" class="wide">
    <h2 id="h-nodes"><span class="no"></span> FIPS status by layer</h2>
    <xsl:choose>
      <xsl:when test="$layered">
        <p>Each column is one layer with its own evidence, from what was
          requested to what is certified. Each kind has its own table. Items
          with identical results share a row, the worst first. Open a row for
          names, reasons and properties.</p>
        <xsl:call-template name="matrix">
          <xsl:with-param name="of" select="$layered[
              o:prop[@name='kind']/@value = 'node']"/>
        </xsl:call-template>
        <xsl:for-each select="$layered[not(o:prop[@name='kind']/@value = 'node')
            and generate-id() = generate-id(key('posture-kind',
            o:prop[@name='kind']/@value)[@uuid = $layered/@uuid][1])]">
          <xsl:variable name="kind" select="o:prop[@name='kind']/@value"/>
          <xsl:call-template name="matrix">
            <xsl:with-param name="of" select="$layered[
                o:prop[@name='kind']/@value = $kind]"/>
          </xsl:call-template>
        </xsl:for-each>
        <xsl:call-template name="rest">
          <xsl:with-param name="shown" select="count($postures)"/>
          <xsl:with-param name="all"
              select="$result/o:prop[@name='postures']/@value"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">There is no inventory item to show.</p>
      </xsl:otherwise>
    </xsl:choose>
  </section>
</xsl:template>

<!-- One kind: its rows, and the layers that any of it was evaluated for. -->
<xsl:template name="matrix">
  <xsl:param name="of"/>
  <xsl:variable name="columns" select="$layers[o:prop[@name='number']/@value =
      $of/o:prop[@name='verdict']/@class]"/>
  <xsl:if test="$of">
    <h3>
      <xsl:choose>
        <xsl:when test="$of[1]/o:prop[@name='kind']/@value = 'node'">Nodes</xsl:when>
        <xsl:otherwise>
          <xsl:value-of select="$of[1]/o:prop[@name='kind']/@value"/>
        </xsl:otherwise>
      </xsl:choose>
    </h3>
    <table class="matrix">
      <xsl:if test="count($columns) &gt; 6">
        <xsl:attribute name="class">matrix many</xsl:attribute>
      </xsl:if>
      <caption>
        <xsl:call-template name="of">
          <xsl:with-param name="n"
              select="sum($of/o:prop[@name='subjects']/@value)"/>
          <xsl:with-param name="one" select="'item'"/>
        </xsl:call-template>
        <xsl:text> in </xsl:text>
        <xsl:call-template name="of">
          <xsl:with-param name="n" select="count($of)"/>
          <xsl:with-param name="one" select="'result group'"/>
        </xsl:call-template>
      </caption>
      <thead>
        <tr>
          <th scope="col">Items</th>
          <xsl:for-each select="$columns">
            <th scope="col">
              <a href="#{o:prop[@name='number']/@value}">
                <xsl:call-template name="short">
                  <xsl:with-param name="max" select="24"/>
                  <xsl:with-param name="s"
                      select="string(o:prop[@name='layer']/@value)"/>
                </xsl:call-template>
              </a>
            </th>
          </xsl:for-each>
        </tr>
      </thead>
      <xsl:for-each select="$of">
        <xsl:call-template name="posture">
          <xsl:with-param name="columns" select="$columns"/>
        </xsl:call-template>
      </xsl:for-each>
    </table>
  </xsl:if>
</xsl:template>

<xsl:template name="posture">
  <xsl:param name="columns"/>
  <xsl:variable name="posture" select="."/>
  <xsl:variable name="members" select="key('member', @uuid)"/>
  <xsl:variable name="n" select="number(o:prop[@name='subjects']/@value)"/>
  <xsl:variable name="one" select="$members[1]"/>
  <tbody id="{o:prop[@name='number']/@value}">
    <tr>
      <th scope="row">
        <span class="id">
          <xsl:value-of select="o:prop[@name='number']/@value"/>
        </span>
        <div>
        <xsl:choose>
          <xsl:when test="$n = 1">
            <xsl:for-each select="$one">
              <xsl:call-template name="name"/>
            </xsl:for-each>
          </xsl:when>
          <xsl:otherwise>
            <b>
              <xsl:call-template name="n">
                <xsl:with-param name="n" select="$n"/>
              </xsl:call-template>
            </b>
            <xsl:text> items</xsl:text>
          </xsl:otherwise>
        </xsl:choose>
        <xsl:variable name="os" select="(. | $one[$n = 1])/
            o:prop[@class='os_pretty']/@value"/>
        <xsl:if test="$os">
          <span class="os">
            <xsl:call-template name="short">
              <xsl:with-param name="s" select="string($os)"/>
              <xsl:with-param name="max" select="80"/>
            </xsl:call-template>
          </span>
        </xsl:if>
        </div>
      </th>
      <xsl:for-each select="$columns">
        <xsl:variable name="number" select="o:prop[@name='number']/@value"/>
        <xsl:variable name="v" select="string($posture/o:prop[
            @name='verdict' and @class=$number]/@value)"/>
        <td data-layer="{substring(o:prop[@name='layer']/@value, 1, 24)}">
          <xsl:choose>
            <xsl:when test="$v">
              <xsl:call-template name="chip">
                <xsl:with-param name="v" select="$v"/>
              </xsl:call-template>
            </xsl:when>
            <xsl:otherwise><span class="in">not evaluated</span></xsl:otherwise>
          </xsl:choose>
        </td>
      </xsl:for-each>
    </tr>
    <tr class="more">
      <td colspan="{count($columns) + 1}">
        <details>
          <summary>Names, reasons, properties</summary>
          <xsl:call-template name="posture-details">
            <xsl:with-param name="members" select="$members"/>
            <xsl:with-param name="n" select="$n"/>
          </xsl:call-template>
        </details>
      </td>
    </tr>
  </tbody>
</xsl:template>

<xsl:template name="posture-details">
  <xsl:param name="members"/>
  <xsl:param name="n"/>
  <xsl:variable name="posture" select="."/>
  <xsl:variable name="open" select="o:prop[@name='verdict' and
      @value != 'satisfied']"/>
  <div class="panes">
    <div>
      <p class="label">
        <xsl:call-template name="of">
          <xsl:with-param name="n" select="$n"/>
          <xsl:with-param name="one" select="'subject'"/>
        </xsl:call-template>
      </p>
      <ul class="names">
        <xsl:for-each select="$members">
          <li>
            <xsl:call-template name="name"/>
            <xsl:if test="o:prop[@name='outcome']/@value != 'observed'">
              <span class="in">
                <xsl:value-of select="concat(' ',
                    o:prop[@name='outcome']/@value)"/>
              </span>
            </xsl:if>
          </li>
        </xsl:for-each>
      </ul>
      <xsl:call-template name="rest">
        <xsl:with-param name="shown" select="count($members)"/>
        <xsl:with-param name="all" select="$n"/>
      </xsl:call-template>
    </div>
    <xsl:if test="$open">
      <div>
        <p class="label">Not satisfied in every way, because</p>
        <ul class="why">
          <xsl:for-each select="$open">
            <li>
              <a class="id" href="#{@class}">
                <xsl:value-of select="@class"/>
              </a>
              <xsl:call-template name="chip">
                <xsl:with-param name="v" select="string(@value)"/>
              </xsl:call-template>
              <span>
                <xsl:call-template name="inline">
                  <xsl:with-param name="of" select="o:remarks"/>
                </xsl:call-template>
              </span>
            </li>
          </xsl:for-each>
        </ul>
      </div>
    </xsl:if>
    <xsl:variable name="columns" select="o:prop[@name='common'] |
        $members[$n = 1]/o:prop[@name='column']"/>
    <xsl:if test="$columns">
      <div>
        <p class="label">
          <xsl:choose>
            <xsl:when test="$n = 1">Properties</xsl:when>
            <xsl:otherwise>Properties they share</xsl:otherwise>
          </xsl:choose>
        </p>
        <dl class="props">
          <xsl:for-each select="$columns">
            <div>
              <dt><xsl:value-of select="@class"/></dt>
              <dd>
                <xsl:call-template name="short">
                  <xsl:with-param name="s" select="string(@value)"/>
                  <xsl:with-param name="max" select="160"/>
                </xsl:call-template>
              </dd>
            </div>
          </xsl:for-each>
        </dl>
        <xsl:variable name="own" select="$members[1]/o:prop[
            @name='column' and not(@class = $posture/
            o:prop[@name='common']/@class)]"/>
        <xsl:if test="$n &gt; 1 and $own">
          <p class="in">
            <xsl:text>They differ in </xsl:text>
            <xsl:for-each select="$own">
              <xsl:if test="position() &gt; 1">, </xsl:if>
              <xsl:value-of select="@class"/>
            </xsl:for-each>
            <xsl:text>; each one's value is in the XML.</xsl:text>
          </p>
        </xsl:if>
      </div>
    </xsl:if>
  </div>
</xsl:template>

<!-- ============================================================ modules -->

<!-- The layers that speak of a module and its certificate, by their names:
     what they say is the checks' own, nothing is added here. -->
<xsl:variable name="module-checks" select="$layers[
    contains(' active module validated build certificate status ',
      concat(' ', translate(o:prop[@name='layer']/@value, $upper, $lower),
      ' '))]"/>

<xsl:template name="modules">
  <section id="modules" aria-labelledby="h-modules">
    <h2 id="h-modules"><span class="no"></span> Cryptographic modules</h2>
    <xsl:choose>
      <xsl:when test="$module-checks">
        <p>What the checks of the module layers found. A certificate stands for
          an exact build on a tested platform; nothing here says more than its
          check does.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Module layers">
          <table>
            <caption>Verdicts of the module layers, with their reasons</caption>
            <thead>
              <tr>
                <th scope="col">Layer</th>
                <th scope="col">Verdict</th>
                <th scope="col" class="num">Subjects</th>
                <th scope="col">Reason</th>
                <th scope="col">Finding</th>
              </tr>
            </thead>
            <tbody>
              <xsl:for-each select="$module-checks">
                <xsl:variable name="layer"
                    select="o:prop[@name='layer']/@value"/>
                <xsl:for-each select="key('observation',
                    o:prop[@name='check']/@value)[position() &lt;= 40]">
                  <tr>
                    <th scope="row">
                      <span class="tok">
                        <xsl:value-of select="substring($layer, 1, 24)"/>
                      </span>
                    </th>
                    <td>
                      <xsl:call-template name="chip">
                        <xsl:with-param name="v"
                            select="string(o:prop[@name='verdict']/@value)"/>
                      </xsl:call-template>
                    </td>
                    <td class="num">
                      <xsl:call-template name="n">
                        <xsl:with-param name="n"
                            select="o:prop[@name='subjects']/@value"/>
                      </xsl:call-template>
                    </td>
                    <td>
                      <xsl:call-template name="inline">
                        <xsl:with-param name="of" select="o:description"/>
                      </xsl:call-template>
                    </td>
                    <td>
                      <a href="#{o:prop[@name='number']/@value}">
                        <xsl:value-of select="o:prop[@name='number']/@value"/>
                      </a>
                    </td>
                  </tr>
                </xsl:for-each>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">No check of this report speaks of a module or its
          certificate. Nothing is known of them.</p>
      </xsl:otherwise>
    </xsl:choose>
  </section>
</xsl:template>

<!-- ============================================================= period -->

<xsl:template name="period">
  <xsl:if test="$from">
    <section id="period" aria-labelledby="h-period" class="wide">
      <h2 id="h-period"><span class="no"></span> The period</h2>
      <p>
        <xsl:text>Changes from </xsl:text>
        <xsl:call-template name="time">
          <xsl:with-param name="t" select="$from"/>
        </xsl:call-template>
        <xsl:text> up to </xsl:text>
        <xsl:call-template name="time">
          <xsl:with-param name="t" select="$to"/>
        </xsl:call-template>
        <xsl:text>, from every run in the store. Other sections show the state
          at the end of the period, or now if it has not ended.</xsl:text>
      </p>
      <xsl:for-each select="$over-period">
        <xsl:call-template name="one-table"/>
      </xsl:for-each>
    </section>
  </xsl:if>
</xsl:template>

<!-- A stacked bar a row: good, bad, not known, from the columns in that order. -->
<xsl:template name="chart">
  <xsl:variable name="rows" select="o:table/o:tr[o:td]"/>
  <xsl:variable name="head" select="o:table/o:tr[1]/o:th"/>
  <xsl:variable name="n" select="count($rows)"/>
  <xsl:variable name="top">
    <xsl:for-each select="$rows">
      <xsl:sort data-type="number" order="descending"
          select="o:td[2] + o:td[3] + o:td[4]"/>
      <xsl:if test="position() = 1">
        <xsl:value-of select="o:td[2] + o:td[3] + o:td[4]"/>
      </xsl:if>
    </xsl:for-each>
  </xsl:variable>
  <xsl:if test="$top &gt; 0">
    <figure class="chart">
      <svg xmlns="http://www.w3.org/2000/svg" role="img"
          viewBox="0 0 {$n * 10} 120" preserveAspectRatio="none"
          aria-labelledby="c-{@class}">
        <title id="c-{@class}"><xsl:value-of select="o:title"/></title>
        <xsl:for-each select="$rows">
          <xsl:variable name="x" select="(position() - 1) * 10 + 1"/>
          <xsl:variable name="a" select="o:td[2] * 120 div $top"/>
          <xsl:variable name="b" select="o:td[3] * 120 div $top"/>
          <xsl:variable name="c" select="o:td[4] * 120 div $top"/>
          <xsl:call-template name="chart-part">
            <xsl:with-param name="class" select="'satisfied'"/>
            <xsl:with-param name="x" select="$x"/>
            <xsl:with-param name="under" select="0"/>
            <xsl:with-param name="height" select="$a"/>
          </xsl:call-template>
          <xsl:call-template name="chart-part">
            <xsl:with-param name="class" select="'not-satisfied'"/>
            <xsl:with-param name="x" select="$x"/>
            <xsl:with-param name="under" select="$a"/>
            <xsl:with-param name="height" select="$b"/>
          </xsl:call-template>
          <xsl:call-template name="chart-part">
            <xsl:with-param name="class" select="'unknown'"/>
            <xsl:with-param name="x" select="$x"/>
            <xsl:with-param name="under" select="$a + $b"/>
            <xsl:with-param name="height" select="$c"/>
          </xsl:call-template>
        </xsl:for-each>
      </svg>
      <figcaption>
        <span class="ends">
          <span><xsl:value-of select="$rows[1]/o:td[1]"/></span>
          <span><xsl:value-of select="$rows[$n]/o:td[1]"/></span>
        </span>
        <xsl:for-each select="$head[position() &gt; 1 and position() &lt; 5]">
          <xsl:variable name="at" select="position() + 1"/>
          <xsl:variable name="sum" select="sum($rows/o:td[$at])"/>
          <span class="key k{$at}">
            <xsl:value-of select="."/>
            <xsl:text> </xsl:text>
            <b>
              <xsl:call-template name="n">
                <xsl:with-param name="n" select="$sum"/>
              </xsl:call-template>
            </b>
            <xsl:text> (</xsl:text>
            <xsl:call-template name="percent">
              <xsl:with-param name="part" select="$sum"/>
              <xsl:with-param name="whole" select="sum($rows/o:td[2]) +
                  sum($rows/o:td[3]) + sum($rows/o:td[4])"/>
            </xsl:call-template>
            <xsl:text>)</xsl:text>
          </span>
        </xsl:for-each>
      </figcaption>
    </figure>
  </xsl:if>
</xsl:template>

<xsl:template name="chart-part">
  <xsl:param name="class"/>
  <xsl:param name="x"/>
  <xsl:param name="under"/>
  <xsl:param name="height"/>
  <xsl:if test="$height &gt; 0">
    <rect xmlns="http://www.w3.org/2000/svg" class="{$class}" x="{$x}"
        width="8" y="{format-number(120 - $under - $height, '0.##')}"
        height="{format-number($height, '0.##')}"/>
  </xsl:if>
</xsl:template>

<!-- Cut, not rounded: 100 % is all of it. -->
<xsl:template name="percent">
  <xsl:param name="part"/>
  <xsl:param name="whole"/>
  <xsl:value-of select="concat(format-number(
      floor($part * 1000 div $whole) div 10, '0.0'), ' %')"/>
</xsl:template>

<!-- ============================================================= tables -->

<!-- What the sections say, one table each: cells are text, and a column named
     verdict is shown as one. -->
<xsl:template name="tables">
  <xsl:if test="$tables">
    <section id="tables" aria-labelledby="h-tables" class="wide">
      <h2 id="h-tables"><span class="no"></span> In detail</h2>
      <xsl:if test="count($tables) &gt; 1">
        <ul class="toc">
          <xsl:for-each select="$tables">
            <li>
              <a href="#t-{@class}"><xsl:value-of select="o:title"/></a>
            </li>
          </xsl:for-each>
        </ul>
      </xsl:if>
      <xsl:for-each select="$tables">
        <xsl:call-template name="one-table"/>
      </xsl:for-each>
    </section>
  </xsl:if>
</xsl:template>

<xsl:template name="one-table">
  <xsl:variable name="head" select="o:table/o:tr[1]/o:th"/>
  <xsl:variable name="rows" select="o:table/o:tr[o:td]"/>
  <xsl:variable name="chart" select="o:prop[@name='shown-as']/@value = 'bars'"/>
  <xsl:variable name="map" select="o:prop[@name='shown-as']/@value = 'days'"/>
  <h3 id="t-{@class}"><xsl:value-of select="o:title"/></h3>
  <xsl:if test="$chart">
    <xsl:call-template name="chart"/>
  </xsl:if>
  <xsl:choose>
    <xsl:when test="not($rows)">
      <p><xsl:value-of select="o:p"/></p>
      <p class="none">None.</p>
    </xsl:when>
    <xsl:when test="$map">
      <xsl:call-template name="strips"/>
      <details class="long">
        <summary>The same as a table</summary>
        <xsl:call-template name="rows"/>
      </details>
    </xsl:when>
    <xsl:when test="$chart">
      <details class="long">
        <summary>The same as a table</summary>
        <xsl:call-template name="rows"/>
      </details>
    </xsl:when>
    <xsl:otherwise>
      <xsl:call-template name="rows"/>
    </xsl:otherwise>
  </xsl:choose>
</xsl:template>

<!-- Long tables show their beginning; all of it is a step away. -->
<xsl:template name="rows">
  <xsl:variable name="rows" select="o:table/o:tr[o:td]"/>
  <!-- what happened is told in full, in print as well -->
  <xsl:variable name="long" select="count($rows) &gt; 24 and
      not(o:prop[@name='over']/@value = 'period' and count($rows) &lt;= 120)"/>
  <xsl:call-template name="grid">
    <xsl:with-param name="rows" select="$rows[not($long) or position() &lt;= 12]"/>
  </xsl:call-template>
  <xsl:if test="$long">
    <details class="long">
      <summary>
        <xsl:text>All </xsl:text>
        <xsl:call-template name="of">
          <xsl:with-param name="n" select="count($rows)"/>
          <xsl:with-param name="one" select="'row'"/>
        </xsl:call-template>
      </summary>
      <xsl:call-template name="grid">
        <xsl:with-param name="rows" select="$rows"/>
      </xsl:call-template>
    </details>
    <p class="rest printed">
      <xsl:text>The first 12 of </xsl:text>
      <xsl:call-template name="of">
        <xsl:with-param name="n" select="count($rows)"/>
        <xsl:with-param name="one" select="'row'"/>
      </xsl:call-template>
      <xsl:text>; the others are on the screen, in the XML and given by </xsl:text>
      <code>
        <xsl:value-of select="concat('exhibit query ', @class)"/>
        <xsl:if test="o:prop[@name='over']/@value = 'period'">
          <xsl:value-of select="concat(' --period ', substring($from, 1, 10),
              '..', substring($to, 1, 10))"/>
        </xsl:if>
      </code>
    </p>
  </xsl:if>
  <xsl:call-template name="more-rows"/>
</xsl:template>

<xsl:template name="grid">
  <xsl:param name="rows"/>
  <xsl:variable name="head" select="o:table/o:tr[1]/o:th"/>
  <!-- of each column n or t: numbers, or text -->
  <xsl:variable name="types">
    <xsl:for-each select="$head">
      <xsl:variable name="at" select="position()"/>
      <xsl:variable name="cells" select="$rows/o:td[$at][. != '']"/>
      <xsl:choose>
        <!-- an empty column stands under numbers more often than not -->
        <xsl:when test="not($cells[
            translate(., '0123456789.', '') != '' or
            string-length(.) &gt; 15])">n</xsl:when>
        <xsl:otherwise>t</xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:variable>
  <div class="scroll" tabindex="0" role="region" aria-label="{o:title}">
    <table class="plain">
      <caption><xsl:value-of select="o:p"/></caption>
      <thead>
        <tr>
          <xsl:for-each select="$head">
            <xsl:variable name="at" select="position()"/>
            <th scope="col">
              <xsl:if test="substring($types, $at, 1) = 'n'">
                <xsl:attribute name="class">num</xsl:attribute>
              </xsl:if>
              <xsl:value-of select="translate(., '_', ' ')"/>
            </th>
          </xsl:for-each>
        </tr>
      </thead>
      <tbody>
        <xsl:for-each select="$rows">
          <tr>
            <xsl:for-each select="o:td">
              <xsl:variable name="at" select="position()"/>
              <xsl:call-template name="table-cell">
                <xsl:with-param name="head" select="string($head[$at])"/>
                <xsl:with-param name="type" select="substring($types, $at, 1)"/>
              </xsl:call-template>
            </xsl:for-each>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </div>
</xsl:template>

<!-- The XML too has the beginning only. -->
<xsl:template name="more-rows">
  <xsl:param name="shown" select="count(o:table/o:tr[o:td])"/>
  <xsl:variable name="all" select="o:prop[@name='rows']/@value"/>
  <xsl:if test="$all &gt; $shown">
    <p class="rest">
      <xsl:text>The first </xsl:text>
      <xsl:call-template name="n">
        <xsl:with-param name="n" select="$shown"/>
      </xsl:call-template>
      <xsl:text> of </xsl:text>
      <xsl:call-template name="n">
        <xsl:with-param name="n" select="$all"/>
      </xsl:call-template>
      <xsl:text> rows. All of them: </xsl:text>
      <code>
        <xsl:choose>
          <xsl:when test="o:prop[@name='over']/@value = 'period'">
            <xsl:value-of select="concat('exhibit query ', @class, ' --period ',
                substring($from, 1, 10), '..', substring($to, 1, 10))"/>
          </xsl:when>
          <xsl:otherwise>
            <xsl:value-of select="concat('exhibit query ', @class,
                ' --as-of ', $run)"/>
          </xsl:otherwise>
        </xsl:choose>
      </code>
    </p>
  </xsl:if>
</xsl:template>

<xsl:template name="table-cell">
  <xsl:param name="head"/>
  <xsl:param name="type"/>
  <xsl:variable name="v" select="string(.)"/>
  <td>
    <xsl:choose>
      <xsl:when test="$type = 'n'">
        <xsl:attribute name="class">num</xsl:attribute>
      </xsl:when>
      <xsl:when test="string-length($v) &lt; 20">
        <xsl:attribute name="class">tok</xsl:attribute>
      </xsl:when>
    </xsl:choose>
    <xsl:choose>
      <xsl:when test="$v = ''"><span class="in">&#x2013;</span></xsl:when>
      <xsl:when test="($head = 'verdict' or $head = 'was') and
          contains(' satisfied not-satisfied unknown not-applicable ',
            concat(' ', $v, ' '))">
        <xsl:call-template name="chip">
          <xsl:with-param name="v" select="$v"/>
        </xsl:call-template>
      </xsl:when>
      <!-- counts have their thousands apart; certificates and runs are names -->
      <xsl:when test="$type = 'n' and not(contains($v, '.')) and
          (contains(' subjects nodes places hours ', concat(' ', $head, ' '))
            or contains($head, ': before') or contains($head, ': after'))">
        <xsl:call-template name="n">
          <xsl:with-param name="n" select="$v"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="string-length($v) = 20 and
          translate($v, '0123456789', '') = '--T::Z'">
        <xsl:call-template name="time">
          <xsl:with-param name="t" select="$v"/>
          <xsl:with-param name="zone" select="''"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="short">
          <xsl:with-param name="s" select="$v"/>
          <xsl:with-param name="max" select="600"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </td>
</xsl:template>

<!-- =========================================================== evidence -->

<xsl:template name="evidence">
  <section id="evidence" aria-labelledby="h-evidence">
    <h2 id="h-evidence"><span class="no"></span> Evidence</h2>
    <p>
      <xsl:call-template name="of">
        <xsl:with-param name="n"
            select="$result/o:prop[@name='evidence']/@value"/>
        <xsl:with-param name="one" select="'piece'"/>
      </xsl:call-template>
      <xsl:text> of stored evidence on which the verdicts rest, each named by the SHA-256 of its
        exact bytes in </xsl:text>
      <code><xsl:value-of select="$meta/o:prop[@name='store']/@value"/></code>
      <xsl:text>. Unchanged evidence is stored once: it was first seen in the
        run given, and the newest run that saw it unchanged is the last.</xsl:text>
    </p>
    <p class="rest printed">The index is not printed: it is on the screen, in
      the XML and in csv/evidence.csv of a package.</p>
    <xsl:if test="not($evidence)">
      <p class="none">There is no evidence.</p>
    </xsl:if>
    <xsl:call-template name="evidence-kinds"/>
    <xsl:call-template name="rest">
      <xsl:with-param name="shown" select="count($evidence)"/>
      <xsl:with-param name="all"
          select="$result/o:prop[@name='evidence']/@value"/>
    </xsl:call-template>
  </section>
</xsl:template>

<!-- The first of each kind, and a key for the rest, instead of going through
     all of them again for every kind. -->
<xsl:template name="evidence-kinds">
  <xsl:for-each select="$evidence[generate-id() =
      generate-id(key('evidence', o:prop[@name='kind']/@value)[1])]">
    <xsl:variable name="kind" select="string(o:prop[@name='kind']/@value)"/>
    <xsl:variable name="all" select="key('evidence', $kind)"/>
    <details class="index">
      <xsl:if test="count($evidence) &lt;= 80">
        <xsl:attribute name="open">open</xsl:attribute>
      </xsl:if>
      <summary>
        <span class="t"><xsl:value-of select="$kind"/></span>
        <span class="in">
          <xsl:call-template name="n">
            <xsl:with-param name="n" select="count($all)"/>
          </xsl:call-template>
        </span>
      </summary>
      <xsl:call-template name="evidence-table">
        <xsl:with-param name="of" select="$all"/>
        <xsl:with-param name="kind" select="$kind"/>
      </xsl:call-template>
    </details>
  </xsl:for-each>
</xsl:template>

<xsl:template name="evidence-table">
  <xsl:param name="of"/>
  <xsl:param name="kind"/>
  <div class="scroll" tabindex="0" role="region" aria-label="Evidence of kind {$kind}">
    <table class="ev-table">
      <caption><xsl:value-of select="concat('Evidence of kind ', $kind)"/></caption>
      <thead>
        <tr>
          <th scope="col">No.</th>
          <th scope="col">Subject, source, SHA-256</th>
          <th scope="col">Outcome</th>
          <th scope="col">First and last seen (UTC)</th>
          <th scope="col" class="num">Run</th>
          <th scope="col" class="num">Bytes</th>
        </tr>
      </thead>
      <tbody>
        <xsl:for-each select="$of">
          <tr id="{o:prop[@name='number']/@value}">
            <th scope="row">
              <xsl:value-of select="o:prop[@name='number']/@value"/>
            </th>
            <td>
              <xsl:call-template name="name"/>
              <xsl:if test="o:prop[@name='subjects']/@value &gt; 1">
                <span class="in">
                  <xsl:text> and </xsl:text>
                  <xsl:call-template name="n">
                    <xsl:with-param name="n"
                        select="o:prop[@name='subjects']/@value - 1"/>
                  </xsl:call-template>
                  <xsl:text> more with the same bytes</xsl:text>
                </span>
              </xsl:if>
              <br/>
              <span class="in">
                <xsl:call-template name="short">
                  <xsl:with-param name="s"
                      select="string(o:prop[@name='source']/@value)"/>
                  <xsl:with-param name="max" select="160"/>
                </xsl:call-template>
              </span>
              <br/>
              <code><xsl:value-of select="o:rlink/o:hash"/></code>
            </td>
            <td><xsl:value-of select="o:prop[@name='outcome']/@value"/></td>
            <td class="times">
              <xsl:call-template name="time">
                <xsl:with-param name="t"
                    select="o:prop[@name='collected']/@value"/>
                <xsl:with-param name="zone" select="''"/>
              </xsl:call-template>
              <br/>
              <xsl:call-template name="time">
                <xsl:with-param name="t"
                    select="o:prop[@name='last-seen']/@value"/>
                <xsl:with-param name="zone" select="''"/>
              </xsl:call-template>
            </td>
            <td class="num"><xsl:value-of select="o:prop[@name='run']/@value"/></td>
            <td class="num">
              <xsl:call-template name="n">
                <xsl:with-param name="n"
                    select="o:prop[@name='size']/@value"/>
              </xsl:call-template>
            </td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </div>
</xsl:template>

<!-- ============================================================ custody -->

<xsl:template name="custody">
  <section id="custody" aria-labelledby="h-custody">
    <h2 id="h-custody"><span class="no"></span> Chain of custody</h2>
    <ol class="chain">
      <li>
        <h3>Collected</h3>
        <dl class="facts">
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Run'"/>
            <xsl:with-param name="value" select="$run"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'State'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='state']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Began'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='began']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Ended'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='ended']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'On'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='origin']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Asked by'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='asked-by']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'With exhibit'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='run-exhibit']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Hashed by'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='run-module']/@value"/>
          </xsl:call-template>
        </dl>
      </li>
      <li>
        <h3>Kept</h3>
        <p>The state root is a Merkle root over every subject of the run. The
          run's record, which holds it, is a leaf of the store's append-only
          log.</p>
        <dl class="facts">
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'State root'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='state-root']/@value"/>
            <xsl:with-param name="code" select="true()"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Log index of the run record'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='record']/@value"/>
          </xsl:call-template>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Its leaf hash'"/>
            <xsl:with-param name="value"
                select="$result/o:prop[@name='record-leaf']/@value"/>
            <xsl:with-param name="code" select="true()"/>
          </xsl:call-template>
        </dl>
      </li>
      <li>
        <h3>Judged</h3>
        <dl class="facts">
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Judgement'"/>
            <xsl:with-param name="value"
                select="$meta/o:prop[@name='judgement']/@value"/>
          </xsl:call-template>
          <div>
            <dt>At</dt>
            <dd>
              <xsl:call-template name="time">
                <xsl:with-param name="t"
                    select="$meta/o:prop[@name='judged']/@value"/>
              </xsl:call-template>
            </dd>
          </div>
          <xsl:call-template name="fact">
            <xsl:with-param name="name" select="'Under profile'"/>
            <xsl:with-param name="value"
                select="$meta/o:prop[@name='profile']/@value"/>
          </xsl:call-template>
        </dl>
      </li>
      <li>
        <h3>Sealed</h3>
        <xsl:choose>
          <xsl:when test="$checkpoint">
            <p>The checkpoint is the head of the log. Whoever keeps it
              elsewhere can prove later that nothing before it was changed,
              dropped or put in. Write it down.</p>
            <pre class="note-text"><xsl:value-of
                select="$checkpoint/o:description/o:pre"/></pre>
          </xsl:when>
          <xsl:otherwise>
            <p class="none">The store has no checkpoint yet: nothing outside it
              shows that it was not changed.</p>
          </xsl:otherwise>
        </xsl:choose>
      </li>
      <li>
        <h3>Signed</h3>
        <xsl:choose>
          <xsl:when test="$certificate">
            <p>
              <xsl:text>The files are signed with a detached CMS signature by
                the holder of this certificate. </xsl:text>
              <xsl:if test="$certificate/o:prop[@name='self-signed']/@value
                  ='yes'">
                <b>It is self-signed</b>
                <xsl:text>: it proves that the files have not changed since
                  they were signed with this key, not whose key it is. Compare
                  the fingerprint with one received on another way.</xsl:text>
              </xsl:if>
            </p>
            <dl class="facts">
              <xsl:for-each select="$certificate">
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Subject'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='subject']/@value"/>
                </xsl:call-template>
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Issuer'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='issuer']/@value"/>
                </xsl:call-template>
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Serial number'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='serial']/@value"/>
                  <xsl:with-param name="code" select="true()"/>
                </xsl:call-template>
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Algorithm'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='algorithm']/@value"/>
                </xsl:call-template>
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Valid from'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='not-before']/@value"/>
                </xsl:call-template>
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'Valid until'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='not-after']/@value"/>
                </xsl:call-template>
                <xsl:call-template name="fact">
                  <xsl:with-param name="name" select="'SHA-256 fingerprint'"/>
                  <xsl:with-param name="value"
                      select="o:prop[@name='fingerprint-sha256']/@value"/>
                  <xsl:with-param name="code" select="true()"/>
                </xsl:call-template>
              </xsl:for-each>
            </dl>
          </xsl:when>
          <xsl:otherwise>
            <p class="none">This report is not signed: nothing shows who made
              it, nor that it was not changed.</p>
          </xsl:otherwise>
        </xsl:choose>
      </li>
    </ol>
  </section>
</xsl:template>

<!-- ============================================================= verify -->

<!-- A command line: it wraps between words only, and copies as one line. -->
<xsl:template name="cmd">
  <xsl:param name="line"/>
  <pre class="cmd" tabindex="0">
    <xsl:call-template name="words">
      <xsl:with-param name="s" select="$line"/>
    </xsl:call-template>
  </pre>
</xsl:template>

<xsl:template name="words">
  <xsl:param name="s"/>
  <xsl:choose>
    <xsl:when test="contains($s, ' ')">
      <span><xsl:value-of select="substring-before($s, ' ')"/></span>
      <xsl:text> </xsl:text>
      <xsl:call-template name="words">
        <xsl:with-param name="s" select="substring-after($s, ' ')"/>
      </xsl:call-template>
    </xsl:when>
    <xsl:otherwise><span><xsl:value-of select="$s"/></span></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template name="cms-line">
  <xsl:param name="file"/>
  <xsl:variable name="content">
    <xsl:call-template name="shell">
      <xsl:with-param name="s" select="$file"/>
    </xsl:call-template>
  </xsl:variable>
  <xsl:variable name="signature">
    <xsl:call-template name="shell">
      <xsl:with-param name="s" select="concat($file, '.p7s')"/>
    </xsl:call-template>
  </xsl:variable>
  <xsl:call-template name="cmd">
    <xsl:with-param name="line" select="concat('openssl cms -verify -binary -cades -purpose any -inform DER -in ', $signature, ' -content ', $content, ' -CAfile exhibit-cert.pem -out /dev/null')"/>
  </xsl:call-template>
</xsl:template>

<xsl:template name="verify">
  <section id="verify" aria-labelledby="h-verify">
    <h2 id="h-verify"><span class="no"></span> How to verify</h2>
    <p>Stock tools are enough: <code>openssl</code>, <code>sha256sum</code> and
      <code>sqlite3</code>. Nobody has to run or trust exhibit. Run the lines
      where the files are.</p>
    <h3>Signatures</h3>
    <xsl:choose>
      <xsl:when test="$certificate and $packaged">
        <p>This report is part of a package. One signature over the package's
          manifest covers every file, so this file has none of its own. Unpack
          the package and run this line in its directory; it must print
          <q>CAdES Verification successful</q>. Then compare the digests below.
          <code>VERIFY.txt</code> in the package has all steps. <code>ca.pem</code>,
          beside the directory, is the certificate you trust, received out of
          band; <code>signer.pem</code> in the package is only a copy.</p>
        <xsl:call-template name="cmd">
          <xsl:with-param name="line" select="'openssl cms -verify -binary -cades -purpose any -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml -CAfile ../ca.pem -out /dev/null'"/>
        </xsl:call-template>
        <p>The fingerprint must be the one given under
          <a href="#custody">Chain of custody</a>, and the one you were told:</p>
        <xsl:call-template name="cmd">
          <xsl:with-param name="line" select="'openssl x509 -in ../ca.pem -noout -fingerprint -sha256'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$certificate">
        <p>Each line must print <q>CAdES Verification successful</q>. Leave no
          option out: without <code class="tok">-binary</code> line ends are changed before
          hashing. Save the certificate below as
          <code class="tok">exhibit-cert.pem</code> unless you already have it from a
          source you trust more than this page.</p>
        <xsl:call-template name="cms-line">
          <xsl:with-param name="file" select="concat($basename, '.html')"/>
        </xsl:call-template>
        <xsl:call-template name="cms-line">
          <xsl:with-param name="file" select="concat($basename, '.xml')"/>
        </xsl:call-template>
        <p>The fingerprint must be the one given under
          <a href="#custody">Chain of custody</a>, and the one you were told:</p>
        <xsl:call-template name="cmd">
          <xsl:with-param name="line" select="'openssl x509 -in exhibit-cert.pem -noout -fingerprint -sha256'"/>
        </xsl:call-template>
        <p>After the certificate has expired, add <code class="tok">-attime</code> with the
          time of a time-stamp you trust.</p>
      </xsl:when>
      <xsl:otherwise>
        <p class="none">There is no signature to verify.</p>
      </xsl:otherwise>
    </xsl:choose>
    <h3>Digests</h3>
    <xsl:choose>
      <xsl:when test="$packaged">
        <p>Every file of the package, in its directory:</p>
        <xsl:call-template name="cmd">
          <xsl:with-param name="line" select="'sha256sum -c SHA256SUMS'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
    <p>Compare with the digests you were given out of band:</p>
    <xsl:variable name="html">
      <xsl:call-template name="shell">
        <xsl:with-param name="s" select="concat($basename, '.html')"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="xml">
      <xsl:call-template name="shell">
        <xsl:with-param name="s" select="concat($basename, '.xml')"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:call-template name="cmd">
      <xsl:with-param name="line" select="concat('sha256sum ', $html, ' ', $xml)"/>
    </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
    <h3>Evidence</h3>
    <xsl:if test="$evidence">
      <p>
        <xsl:text>The bytes of any evidence, hashed again; here </xsl:text>
        <xsl:value-of select="$evidence[1]/o:prop[@name='number']/@value"/>
        <xsl:text>, which must give </xsl:text>
        <code><xsl:value-of select="substring($evidence[1]/o:rlink/o:hash,
            1, 16)"/>&#x2026;</code>
        <xsl:text>:</xsl:text>
      </p>
      <xsl:call-template name="cmd">
      <xsl:with-param name="line" select="concat('sqlite3 -readonly ', $store, ' &quot;SELECT body FROM content WHERE sha256 = x', $quote, $evidence[1]/o:rlink/o:hash, $quote, '&quot; | head -c -1 | sha256sum')"/>
    </xsl:call-template>
    </xsl:if>
    <p>The population, and the verdicts as counted in this report:</p>
    <xsl:call-template name="cmd">
      <xsl:with-param name="line" select="concat('sqlite3 -readonly ', $store, ' &quot;SELECT kind, scope, key FROM state WHERE run = ', $run, '&quot;')"/>
    </xsl:call-template>
    <xsl:call-template name="cmd">
      <xsl:with-param name="line" select="concat('sqlite3 -readonly ', $store, ' &quot;SELECT check_id, verdict, count(*) FROM verdict_at WHERE judgement = ', $meta/o:prop[@name='judgement']/@value, ' GROUP BY 1, 2&quot;')"/>
    </xsl:call-template>
    <xsl:if test="$result/o:prop[@name='record-leaf']">
      <p>The leaf of the run's record (RFC 6962: a zero byte, then the body),
        which must give the leaf hash under
        <a href="#custody">Chain of custody</a>:</p>
      <xsl:call-template name="cmd">
      <xsl:with-param name="line" select="concat('{ printf ', $quote, '\000', $quote, '; sqlite3 -readonly ', $store, ' &quot;SELECT body FROM log WHERE seq = ', $result/o:prop[@name='record']/@value, '&quot; | head -c -1; } | sha256sum')"/>
    </xsl:call-template>
    </xsl:if>
    <xsl:variable name="document">
      <xsl:call-template name="shell">
        <xsl:with-param name="s" select="concat($basename, '.xml')"/>
      </xsl:call-template>
    </xsl:variable>
    <p>The XML against NIST's schema for OSCAL assessment-results:</p>
    <xsl:call-template name="cmd">
      <xsl:with-param name="line" select="concat('xmllint --noout --nonet --schema oscal_assessment-results_schema.xsd ', $document)"/>
    </xsl:call-template>
    <xsl:if test="$certificate">
      <h3>The certificate</h3>
      <xsl:for-each select="$certificate/o:prop[@name='key-held-by']">
        <p>Its key is held by <xsl:value-of select="@value"/>, which signs what
          the module named in this report hashed. Whether the module in there is
          validated, this report does not show.</p>
      </xsl:for-each>
      <pre class="note-text"><xsl:value-of
          select="$certificate/o:description/o:pre"/></pre>
    </xsl:if>
    <p>A signature says that these bytes are those that were signed with the
      key, and no more: not that the evidence is true, nor that the hosts were
      honest when asked.</p>
  </section>
</xsl:template>

<!-- =========================================================== sign-off -->

<xsl:template name="signatory">
  <xsl:param name="title"/>
  <xsl:param name="statement"/>
  <div class="signatory">
    <h3><xsl:value-of select="$title"/></h3>
    <p><xsl:value-of select="$statement"/></p>
    <p class="blanks">
      <span>Name</span>
      <span>Role</span>
      <span>Date</span>
      <span>Signature</span>
    </p>
  </div>
</xsl:template>

<xsl:template name="sign-off">
  <section id="sign-off" aria-labelledby="h-sign-off">
    <h2 id="h-sign-off"><span class="no"></span> Sign-off</h2>
    <p>Left blank for people. This report supports a judgement; it does not
      certify compliance, and no line below is filled in by a program.</p>
    <div class="signatories">
      <xsl:call-template name="signatory">
        <xsl:with-param name="title" select="'Prepared by'"/>
        <xsl:with-param name="statement" select="'I had this evidence collected from the systems in scope.'"/>
      </xsl:call-template>
      <xsl:call-template name="signatory">
        <xsl:with-param name="title" select="'Reviewed by'"/>
        <xsl:with-param name="statement" select="'I verified the signatures and read the findings and gaps.'"/>
      </xsl:call-template>
      <xsl:call-template name="signatory">
        <xsl:with-param name="title" select="'Accepted by'"/>
        <xsl:with-param name="statement" select="'I accept this report as evidence, with the gaps it names.'"/>
      </xsl:call-template>
    </div>
  </section>
</xsl:template>

<!-- =========================================================== glossary -->

<xsl:template name="glossary">
  <section id="glossary" aria-labelledby="h-glossary">
    <h2 id="h-glossary"><span class="no"></span> Glossary</h2>
    <h3>Verdicts</h3>
    <dl class="terms">
      <dt><xsl:call-template name="chip">
        <xsl:with-param name="v" select="'satisfied'"/>
      </xsl:call-template></dt>
      <dd>Evidence of this subject shows what the check asks for.</dd>
      <dt><xsl:call-template name="chip">
        <xsl:with-param name="v" select="'not-satisfied'"/>
      </xsl:call-template></dt>
      <dd>Evidence of this subject shows something else.</dd>
      <dt><xsl:call-template name="chip">
        <xsl:with-param name="v" select="'unknown'"/>
      </xsl:call-template></dt>
      <dd>Not asked, denied, unreachable, unreadable, too old, or not in the
        catalogue. In OSCAL it is not-satisfied with reason <q>other</q>.</dd>
      <dt><xsl:call-template name="chip">
        <xsl:with-param name="v" select="'not-applicable'"/>
      </xsl:call-template></dt>
      <dd>The question does not arise for this subject.</dd>
    </dl>
    <xsl:if test="$layers">
      <h3>Layers</h3>
      <dl class="terms">
        <xsl:for-each select="$layers">
          <dt>
            <xsl:call-template name="short">
              <xsl:with-param name="s"
                  select="string(o:prop[@name='layer']/@value)"/>
              <xsl:with-param name="max" select="40"/>
            </xsl:call-template>
          </dt>
          <dd>
            <xsl:call-template name="short">
              <xsl:with-param name="s" select="string(o:title)"/>
            </xsl:call-template>
            <xsl:text> (</xsl:text>
            <a href="#{o:prop[@name='number']/@value}">
              <xsl:value-of select="o:prop[@name='number']/@value"/>
            </a>
            <xsl:text>)</xsl:text>
          </dd>
        </xsl:for-each>
      </dl>
    </xsl:if>
    <h3>Other words</h3>
    <dl class="terms">
      <dt>Posture</dt>
      <dd>Subjects of one kind that are alike in every verdict.</dd>
      <dt>Gap</dt>
      <dd>Something that was asked and not answered in full. What depends on
        it is unknown.</dd>
      <dt>State root</dt>
      <dd>One hash over the whole state of a run: no subject can be changed,
        added or left out without changing it.</dd>
      <dt>Checkpoint</dt>
      <dd>Size and root hash of the log of all runs, to be kept outside the
        store.</dd>
    </dl>
  </section>
</xsl:template>

</xsl:stylesheet>
