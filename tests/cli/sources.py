#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and databases made by other programs, read by patron-cli and compared with what was put into them. Speaks TAP.

Independent makers: openpyxl (workbooks), pandas (Stata), Python's sqlite3 and json, a private PostgreSQL server; where one is not
installed its test is skipped and says so. tests/data/sources/people.* were written by R's haven 2.5.1 from the rows in PEOPLE."""
import csv
import datetime
import gzip
import json
import math
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

CLI = os.path.abspath(sys.argv[1])
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'sources')


class Skip(Exception):
    pass


def cli(*words, status=0, cwd='.', environment=None):
    result = subprocess.run([CLI, *words], capture_output=True, text=True, cwd=cwd, timeout=100, env={**os.environ, **(environment or {})})
    assert result.returncode == status, f'{words}: exit status {result.returncode}, expected {status}: {result.stderr}'
    return result


def read(source, *words, cwd='.', environment=None):
    """Rows as lists of texts, the header first, and what was noticed."""
    with tempfile.TemporaryDirectory() as folder:
        notes = cli('convert', source, *words, '--to', f'{folder}/o.csv', cwd=cwd, environment=environment).stderr
        with open(f'{folder}/o.csv', encoding='utf-8', newline='') as file:
            return list(csv.reader(file)), notes


def refused(source, *words, cwd='.'):
    lines = cli('convert', source, *words, '--to', 'never.csv', status=1, cwd=cwd).stderr.strip().split('\n')
    assert len(lines) == 1, f'expected one sentence, found {lines}'
    assert not os.path.exists(os.path.join(cwd, 'never.csv'))
    return lines[0]


def expect(found, wanted):
    assert found == wanted, f'found {found}, expected {wanted}'


# ---- workbooks ---------------------------------------------------------------------------------------------------------------

def openpyxl():
    try:
        import openpyxl as module
    except ImportError as error:
        raise Skip('python3-openpyxl is not installed') from error
    return module


def workbook_values(folder):
    maker = openpyxl()
    book = maker.Workbook()
    sheet = book.active
    sheet.title = 'Orders'
    sheet.append(['id', 'name', 'amount', 'day', 'moment', 'paid', 'took', 'code', 'mixed', 'share'])
    for i in range(250):
        sheet.append([i, ['安娜', 'Bob "x"', ' C, D'][i % 3], i * 1.37, datetime.date(1900, 1, 1) if i == 0 else datetime.date(2024, 1, 1) + datetime.timedelta(days=i),
                      datetime.datetime(2023, 12, 31, 23, 59, 59) + datetime.timedelta(seconds=i), i % 2 == 0, datetime.timedelta(hours=i, minutes=3), f'{i:05d}',
                      'N/A' if i == 7 else i, None if i == 9 else i / 8])
        sheet.cell(i + 2, 3).number_format = '[$€-407]#,##0.00'
    book.create_sheet('Other')['A1'] = 'x'
    book.save(f'{folder}/a.xlsx')
    rows, notes = read('a.xlsx', cwd=folder)
    expect(rows[0], ['id', 'name', 'amount', 'day', 'moment', 'paid', 'took', 'code', 'mixed', 'share'])
    expect(len(rows), 251)
    assert '2 sheets' in notes and '“Orders”' in notes, notes
    for i, row in enumerate(rows[1:]):
        day = datetime.date(1900, 1, 1) if i == 0 else datetime.date(2024, 1, 1) + datetime.timedelta(days=i)
        moment = datetime.datetime(2023, 12, 31, 23, 59, 59) + datetime.timedelta(seconds=i)
        expect(row[:2] + [row[3]], [str(i), ['安娜', 'Bob "x"', ' C, D'][i % 3], day.isoformat()])
        assert row[2].startswith('€') and math.isclose(float(row[2][1:]), i * 1.37), row[2]
        assert row[4] == moment.isoformat(' ') or row[4] + ':00' == moment.isoformat(' '), row[4]
        expect(row[5:9], ['true' if i % 2 == 0 else 'false', f'{i:02d}:03:00', f'{i:05d}', '' if i == 7 else str(i)])
        expect(row[9], '' if i == 9 else f'{i / 8:g}' if i != 0 else '0')


def workbook_layouts(folder):
    maker = openpyxl()
    book = maker.Workbook()
    sheet = book.active
    sheet['A1'] = 'Sales by quarter'
    sheet.merge_cells('A1:E1')
    sheet['A3'], sheet['B3'], sheet['D3'] = 'Region', '2023', '2024'
    for area in ['A3:A4', 'B3:C3', 'D3:E3']:
        sheet.merge_cells(area)
    for column, name in zip('BCDE', ['Q1', 'Q2', 'Q1', 'Q2']):
        sheet[f'{column}4'] = name
    for row in range(5, 12):
        sheet.append([f'R{row}'] + [row * column for column in range(2, 6)])
    hidden = book.create_sheet('Hidden')
    hidden.sheet_state = 'hidden'
    hidden.append(['only', 'here'])
    book.create_sheet('Empty')
    plain = book.create_sheet('Plain')
    for row in range(3):
        plain.append([row, row * row])
    book.save(f'{folder}/b.xlsx')
    rows, _ = read('b.xlsx', cwd=folder)
    expect(rows[0], ['Region', '2023 Q1', '2023 Q2', '2024 Q1', '2024 Q2'])
    expect(rows[1], ['R5', '10', '15', '20', '25'])
    expect(len(rows), 8)
    expect(read('b.xlsx', '--range', 'B4:C6', cwd=folder)[0], [['Q1', 'Q2'], ['10', '15'], ['12', '18']])
    expect(read('b.xlsx', '--range', 'A4', '--header', 'yes', cwd=folder)[0][1], ['R5', '10', '15', '20', '25'])
    expect(read('b.xlsx', '--sheet', 'plain', cwd=folder)[0], [['column 1', 'column 2'], ['0', '0'], ['1', '1'], ['2', '4']])
    expect(read('b.xlsx', '--sheet', '2', cwd=folder)[0], [['only', 'here']])
    expect(read('b.xlsx', '--column-types', '2023 Q1=text', '--skip-columns', 'Region,2024 Q1', cwd=folder)[0][1], ['10', '15', '25'])
    assert 'Empty' in refused('b.xlsx', '--sheet', 'Empty', cwd=folder)
    assert 'it has: Sheet, Hidden, Empty, Plain' in refused('b.xlsx', '--sheet', 'No', cwd=folder)
    assert 'B3:F100' in refused('b.xlsx', '--range', 'nonsense', cwd=folder)
    assert 'delimiter' in refused('b.xlsx', '--delimiter', ';', cwd=folder)


def workbook_merged_rows(folder):
    maker = openpyxl()
    book = maker.Workbook()
    sheet = book.active
    for row in [['region', 'city', 'n'], ['north', 'a', 1], [None, 'b', 2], [None, 'c', 3], ['south', 'd', 4], [None, 'e', None], [None, 'f', 6], ['west', 'g', 7]]:
        sheet.append(row)
    for area in ['A2:A4', 'A5:A6', 'C5:C6']:
        sheet.merge_cells(area)
    book.save(f'{folder}/merged.xlsx')
    rows, said = read('merged.xlsx', cwd=folder)
    expect([row[0] for row in rows[1:]], ['north', 'north', 'north', 'south', 'south', '', 'west'])
    expect([row[2] for row in rows[1:]], ['1', '2', '3', '4', '4', '6', '7'])
    assert '4 cells have their value from merged cells' in said, said


def workbook_dates_of_1904(folder):
    maker = openpyxl()
    book = maker.Workbook()
    book.epoch = maker.utils.datetime.CALENDAR_MAC_1904
    for value in ['when', datetime.date(2020, 2, 29), datetime.date(1904, 1, 2)]:
        book.active.append([value])
    book.save(f'{folder}/mac.xlsx')
    expect(read('mac.xlsx', cwd=folder)[0], [['when'], ['2020-02-29'], ['1904-01-02']])


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def make_workbook(path, sheet, members=()):
    relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as book:
        book.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        book.writestr('xl/workbook.xml', '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                      f'xmlns:r="{relation}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>')
        book.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                      f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        book.writestr('xl/worksheets/sheet1.xml', sheet)
        for name, text in members:
            book.writestr(name, text)


def workbook_cells(folder):
    """What openpyxl does not write: texts in place, cached results, errors, escapes, ISO dates, cells without references."""
    make_workbook(f'{folder}/c.xlsx', SHEET.format(
        '<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><r><t>b</t></r><rPh><t>no</t></rPh><r><t>c_x0041_</t></r></is></c><c t="str"><v>e</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="e"><v>#N/A</v></c><c r="C3" t="d"><v>2024-02-29</v></c></row>'
        '<row r="4"><c r="A4"><v>1E3</v></c><c r="B4" t="b"><v>1</v></c></row>'))
    rows, notes = read('c.xlsx', cwd=folder)
    expect(rows, [['a', 'bcA', 'e'], ['2', '', '2024-02-29'], ['1000', 'true', '']])
    assert '1 cell holds an error' in notes, notes


def workbook_damage(folder):
    make_workbook(f'{folder}/whole.xlsx', SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>'))
    whole = open(f'{folder}/whole.xlsx', 'rb').read()
    with open(f'{folder}/cut.xlsx', 'wb') as file:
        file.write(whole[:len(whole) // 2])
    assert 'cut.xlsx' in refused('cut.xlsx', cwd=folder)
    cases = {'order': SHEET.format('<row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>'), 'xml': SHEET.format('<row><c><v>1</c></row>'),
             'end': SHEET.format('<row><c><v>1</v></c></row>')[:-20], 'far': SHEET.format('<row r="9999999"><c r="A9999999"><v>1</v></c></row><row r="9999999"><c><v>2</v></c></row>'),
             'doctype': '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + SHEET.format('<row><c t="str"><v>&b;</v></c></row>')}
    for name, sheet in cases.items():
        make_workbook(f'{folder}/{name}.xlsx', sheet)
        if name != 'far':
            assert 'damaged' in refused(f'{name}.xlsx', cwd=folder)
    # 200 MB of blanks that pack to 200 kB.
    make_workbook(f'{folder}/bomb.xlsx', SHEET.format('<row>' + ' ' * (200 << 20)))
    assert 'more than a workbook ever needs' in refused('bomb.xlsx', cwd=folder)
    with open(f'{folder}/old.xls', 'wb') as file:
        file.write(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600))
    assert 'save it as .xlsx' in refused('old.xls', cwd=folder)
    with zipfile.ZipFile(f'{folder}/sheet.ods', 'w') as archive:
        archive.writestr('content.xml', '<a/>')
    assert 'OpenDocument' in refused('sheet.ods', cwd=folder)
    with zipfile.ZipFile(f'{folder}/files.zip', 'w') as archive:
        archive.writestr('a.csv', 'a,b\n1,2\n')
    assert 'ZIP archive' in refused('files.zip', cwd=folder)


# ---- JSON --------------------------------------------------------------------------------------------------------------------

def json_records(folder):
    records = [{'id': 1, 'name': '安娜', 'at': {'city': 'Wien', 'zip': '01100'}, 'tags': ['a', {'b': 1}], 'when': '2024-01-02', 'ok': True, 'v': 1},
               {'id': 2, 'name': 'é "q" 😀\n', 'at': {'city': None}, 'tags': [], 'when': '2024-01-03', 'ok': None, 'v': 2.5, 'extra': 'x'},
               {'id': 9007199254740993, 'v': -1e300}]
    wanted = [['id', 'name', 'at.city', 'at.zip', 'tags', 'when', 'ok', 'v', 'extra'], ['1', '安娜', 'Wien', '01100', '["a", {"b": 1}]', '2024-01-02', 'true', '1', ''],
              ['2', 'é "q" 😀\n', '', '', '[]', '2024-01-03', '', '2.5', 'x'], ['9007199254740993', '', '', '', '', '', '', '-1e+300', '']]
    lines = '\n'.join(json.dumps(record) for record in records)
    contents = {'a.jsonl': lines, 'b.json': json.dumps(records, ensure_ascii=False), 'c.json': json.dumps({'meta': {'n': 3}, 'result': {'items': records}}),
                'no-ending': lines}
    for name, content in contents.items():
        with open(f'{folder}/{name}', 'w', encoding='utf-8') as file:
            file.write(content)
    with gzip.open(f'{folder}/d.jsonl.gz', 'wt', encoding='utf-8') as file:
        file.write(lines)
    for name in [*contents, 'd.jsonl.gz']:
        rows, notes = read(name, cwd=folder)
        expect([[float(cell) if cell == '-1e+300' else cell for cell in row] for row in rows], [[float(cell) if cell == '-1e+300' else cell for cell in row] for row in wanted])
        assert '2 values are lists' in notes, notes
    expect(read('c.json', '--records', 'result.items', cwd=folder)[0], wanted)
    assert 'no list of records “x”' in refused('c.json', '--records', 'x', cwd=folder)
    for name, content, word in [('cut.json', '[{"a":1},{"a":2', 'line 1 (record 2)'), ('bad.jsonl', '{"a":1}\n{"a" 2}\n', 'line 2 (record 2)'),
                                ('deep.json', '[' * 100000, 'expected'), ('word.jsonl', '{"a": nul}', 'expected a value')]:
        with open(f'{folder}/{name}', 'w', encoding='utf-8') as file:
            file.write(content)
        assert word in refused(name, cwd=folder), refused(name, cwd=folder)


# ---- SQLite ------------------------------------------------------------------------------------------------------------------

def sqlite_tables(folder):
    database = sqlite3.connect(f'{folder}/t.db')
    database.executescript('''
      create table t(id integer primary key, day text, flag boolean, x real, mixed);
      insert into t values (1, '2024-01-02', 1, 1.5, 1), (2, '2024-02-02', 0, 2, 'two'), (3, null, null, null, null);
      create table "odd ""name"""(a, b blob); insert into "odd ""name""" values ('=1', x'00ff'); create view v as select id * 2 as twice from t;''')
    database.close()
    before = open(f'{folder}/t.db', 'rb').read()
    rows, notes = read('t.db', cwd=folder)
    expect(rows, [['id', 'day', 'flag', 'x', 'mixed'], ['1', '2024-01-02', 'true', '1.5', '1'], ['2', '2024-02-02', 'false', '2', 'two'], ['3', '', '', '', '']])
    assert '3 tables and views; “t”' in notes, notes
    expect(read('t.db', '--table', 'v', cwd=folder)[0], [['twice'], ['2'], ['4'], ['6']])
    rows, notes = read('t.db', '--table', 'odd "name"', cwd=folder)
    expect(rows, [['a', 'b'], ['=1', '']])
    assert '1 value is binary' in notes, notes
    expect(read('t.db', '--query', 'select count(*) as n, max(id) as n from t', cwd=folder)[0], [['n', 'n 2'], ['3', '3']])
    for query in ["attach 'other.db' as o", 'delete from t', 'pragma writable_schema = 1', "select load_extension('x')", 'selec']:
        assert 't.db' in refused('t.db', '--query', query, cwd=folder) or 'SELECT' in refused('t.db', '--query', query, cwd=folder)
    expect(open(f'{folder}/t.db', 'rb').read(), before)
    expect(os.path.exists(f'{folder}/other.db'), False)
    cli('import', 't.db', '--table', 'v', '--project', 'p.patron', cwd=folder)
    expect(read('p.patron:v', cwd=folder)[0][1], ['2'])


def sqlite_written(folder):
    with open(f'{folder}/a.csv', 'w', encoding='utf-8') as file:
        file.write('n,x,day,at,ok,name,Name\n1,0.1,2024-02-29,2024-02-29 12:00:01,true,安娜,a\n,,,,,,\n-9007199254740993,1e300,1969-12-31,1969-12-31 23:59:59,false,"x""y",b\n')
    for _ in range(2):
        cli('convert', 'a.csv', '--to', 'o.sqlite', cwd=folder)
    cli('convert', 'a.csv', '--to', 'o.sqlite', '--to-table', 'second "one"', cwd=folder)
    database = sqlite3.connect(f'{folder}/o.sqlite')
    expect(database.execute('pragma integrity_check').fetchall(), [('ok',)])
    expect([row[0] for row in database.execute('select name from sqlite_schema order by rowid')], ['a', 'second "one"'])
    expect(database.execute('select * from a').fetchall(),
           [(1, 0.1, '2024-02-29', '2024-02-29 12:00:01', 1, '安娜', 'a'), (None,) * 7, (-9007199254740993, 1e300, '1969-12-31', '1969-12-31 23:59:59', 0, 'x"y', 'b')])
    expect(read('o.sqlite', '--table', 'a', cwd=folder)[0][0], ['n', 'x', 'day', 'at', 'ok', 'name', 'Name 2'])


# ---- statistics programs -----------------------------------------------------------------------------------------------------

PEOPLE = [['id', 'sex', 'score', 'name', 'day', 'moment', 'took', 'x'],
          ['1', 'Male', '1', '安娜', '2024-02-29', '2024-02-29 12:34:56', '00:00:01', '1.5'],
          ['2', 'Female', '5', 'Bob', '1999-12-31', '1999-12-31 23:59:59', '00:01:00', '-2.25'],
          ['3', 'Male', '', '', '', '', '01:00:00', ''],
          ['4', 'Female', '3', 'Élise', '1960-01-01', '1960-01-01 00:00', '23:59:59', '10000000000'],
          ['5', '', '2', 'x y', '1900-01-01', '1970-01-01 00:00:01', '', '0.1'],
          ['6', 'Male', '', 'z', '2030-06-15', '2030-06-15 06:00', '00:00:00', '3']]


def statistics_files(folder):
    for name in ['people.sav', 'people.zsav']:
        rows, notes = read(os.path.join(DATA, name))
        expect(rows, PEOPLE)
        assert 'sex is “Sex of respondent”' in notes and 'score: 2 values are missing' in notes, notes
    few = [PEOPLE[0].index(name) for name in ['id', 'name', 'day', 'moment', 'x']]
    for name in ['people.xpt', 'people.sas7bdat']:
        expect(read(os.path.join(DATA, name))[0], [[row[c] for c in few] for row in PEOPLE])
    dta = [0, 1, 3, 4, 5, 7]
    rows = read(os.path.join(DATA, 'people.dta'))[0]
    expect([[row[c] for c in dta] for row in rows], [[row[c] for c in dta] for row in PEOPLE])
    expect(read(os.path.join(DATA, 'people.sav'), '--names', 'labels')[0][0][1:3], ['Sex of respondent', 'Satisfaction'])
    expect(read(os.path.join(DATA, 'people.sav'), '--value-labels', 'no')[0][1][1], '1')
    content = open(os.path.join(DATA, 'people.sav'), 'rb').read()
    with open(f'{folder}/cut.sav', 'wb') as file:
        file.write(content[:700])
    assert 'no complete file of SPSS' in refused('cut.sav', cwd=folder)


def stata_by_pandas(folder):
    try:
        import pandas
    except ImportError as error:
        raise Skip('python3-pandas is not installed') from error
    frame = pandas.DataFrame({'i': [1, 2, 3], 'x': [0.5, None, -1e10], 'kind': pandas.Categorical(['low', 'high', 'low']),
                              'at': pandas.to_datetime(['2024-02-29 01:02:03', '1959-12-31', None]), 'month': pandas.to_datetime(['2024-02-01', '1960-01-01', '1959-11-01'])})
    frame.to_stata(f'{folder}/p.dta', write_index=False, convert_dates={'at': 'tc', 'month': 'tm'}, version=118)
    expect(read('p.dta', cwd=folder)[0], [['i', 'x', 'kind', 'at', 'month'], ['1', '0.5', 'low', '2024-02-29 01:02:03', '2024-02-01'],
                                          ['2', '', 'high', '1959-12-31 00:00', '1960-01-01'], ['3', '-10000000000', 'low', '', '1959-11-01']])


# ---- folders -----------------------------------------------------------------------------------------------------------------

def folder_of_files(folder):
    os.makedirs(f'{folder}/many/inside')
    for name, content in [('1.csv', 'a,b\n1,x\n2,y\n'), ('2.csv', 'b,a,c\nx,4.5,2024-01-01\n'), ('3.csv', 'a;b\n7;q\n'), ('notes.json', '[{"a":1}]'), ('inside/4.csv', 'a,b\n8,z\n')]:
        with open(f'{folder}/many/{name}', 'w', encoding='utf-8') as file:
            file.write(content)
    rows, notes = read('many', cwd=folder)
    expect(rows, [['a', 'b', 'c', 'file'], ['1', 'x', '', '1.csv'], ['2', 'y', '', '1.csv'], ['4.5', 'x', '2024-01-01', '2.csv'], ['7', 'q', '', '3.csv']])
    assert '3 files were read' in notes and '“1.csv” has no column c' in notes and '1 file of another kind' in notes, notes
    expect(len(read('many', '--subfolders', 'yes', cwd=folder)[0]), 6)
    expect(read('many', '--pattern', '2*', '--file-column', '', cwd=folder)[0], [['b', 'a', 'c'], ['x', '4.5', '2024-01-01']])
    expect(read('many', '--files', '3.csv,1.csv', cwd=folder)[0][1], ['7', 'q', '3.csv'])
    assert 'missing.csv' in refused('many', '--files', 'missing.csv', cwd=folder)
    os.makedirs(f'{folder}/empty')
    assert 'neither pictures nor data' in refused('empty', cwd=folder)


def picture(kind, width, height):
    """The beginnings of picture files, by their formats' definitions."""
    le = lambda value, n: value.to_bytes(n, 'little')
    be = lambda value, n: value.to_bytes(n, 'big')
    if kind == 'png':
        return b'\x89PNG\r\n\x1a\n' + be(13, 4) + b'IHDR' + be(width, 4) + be(height, 4) + bytes(9)
    if kind == 'gif':
        return b'GIF89a' + le(width, 2) + le(height, 2) + bytes(10)
    if kind == 'bmp':
        return b'BM' + bytes(12) + le(40, 4) + le(width, 4) + le(2 ** 32 - height, 4) + bytes(20)
    if kind == 'webp':
        return b'RIFF' + le(100, 4) + b'WEBPVP8X' + le(10, 4) + bytes(4) + le(width - 1, 3) + le(height - 1, 3) + bytes(20)
    if kind == 'tif':
        return b'II*\0' + le(8, 4) + le(2, 2) + le(256, 2) + le(3, 2) + le(1, 4) + le(width, 4) + le(257, 2) + le(4, 2) + le(1, 4) + le(height, 4) + bytes(4)
    date = b'2024:05:31 12:00:01\0'
    tiff = b'MM\0*' + be(8, 4) + be(2, 2) + be(0x112, 2) + be(3, 2) + be(1, 4) + be(6, 2) + bytes(2) + be(0x8769, 2) + be(4, 2) + be(1, 4) + be(38, 4) + bytes(4)
    tiff += be(1, 2) + be(0x9003, 2) + be(2, 2) + be(20, 4) + be(56, 4) + bytes(4) + date
    exif = b'Exif\0\0' + tiff
    return b'\xff\xd8\xff\xe1' + be(len(exif) + 2, 2) + exif + b'\xff\xc0' + be(11, 2) + b'\x08' + be(height, 2) + be(width, 2) + bytes(4)


def folder_of_pictures(folder):
    os.makedirs(f'{folder}/pictures/cat')
    for kind in ['png', 'gif', 'bmp', 'webp', 'tif', 'jpg']:
        with open(f'{folder}/pictures/cat/a.{kind}', 'wb') as file:
            file.write(picture(kind, 40, 30))
    with open(f'{folder}/pictures/bad.png', 'wb') as file:
        file.write(b'\x89PNG')
    rows, notes = read('pictures', cwd=folder)
    expect(rows[0], ['image', 'name', 'folder', 'width', 'height', 'bytes', 'taken'])
    found = {row[1]: row for row in rows[1:]}
    expect(found['bad.png'][2:5], ['', '', ''])
    for kind in ['png', 'gif', 'bmp', 'webp', 'tif']:
        expect(found[f'a.{kind}'][2:5], ['cat', '40', '30'])
    # Held upright: width and height change places.
    expect(found['a.jpg'][2:5] + found['a.jpg'][6:], ['cat', '30', '40', '2024-05-31 12:00:01'])
    assert os.path.isfile(rows[1][0]) and 'size of 1 picture' in notes


# ---- PostgreSQL --------------------------------------------------------------------------------------------------------------

def find_server():
    folders = ['/usr/lib/postgresql/' + version + '/bin' for version in sorted(os.listdir('/usr/lib/postgresql'), reverse=True)] if os.path.isdir('/usr/lib/postgresql') else []
    for folder in folders:
        if os.path.exists(f'{folder}/initdb'):
            return folder
    if shutil.which('initdb'):
        return os.path.dirname(shutil.which('initdb'))
    raise Skip('no PostgreSQL server is installed')


class Server:
    """A private server in a folder, reached by a socket in it; not as root, which the server refuses."""

    def __init__(self, folder):
        self.bin, self.folder, self.prefix = find_server(), folder, []
        if os.getuid() == 0:
            if not shutil.which('setpriv'):
                raise Skip('the PostgreSQL server does not run as root and setpriv is missing')
            self.prefix = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
            os.chmod(os.path.dirname(folder) if os.path.dirname(folder) != '/tmp' else folder, 0o755)
            os.makedirs(f'{folder}/pg')
            os.chown(f'{folder}/pg', 65534, 65534)
        else:
            os.makedirs(f'{folder}/pg')
        self.run('initdb', '-D', f'{folder}/pg/data', '-U', 'boss', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8')
        self.run('pg_ctl', '-D', f'{folder}/pg/data', '-o', f"-k {folder}/pg -c listen_addresses= -c fsync=off", '-l', f'{folder}/pg/log', '-w', 'start')

    def run(self, program, *words):
        subprocess.run([*self.prefix, f'{self.bin}/{program}', *words], check=True, cwd=f'{self.folder}/pg', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def sql(self, text):
        subprocess.run(['psql', '-h', f'{self.folder}/pg', '-U', 'boss', '-q', '-v', 'ON_ERROR_STOP=1', 'postgres'], input=text, text=True, check=True)

    def stop(self):
        self.run('pg_ctl', '-D', f'{self.folder}/pg/data', '-m', 'immediate', 'stop')


def postgres(folder):
    if not shutil.which('psql'):
        raise Skip('psql is not installed')
    os.chmod(folder, 0o755)
    server = Server(folder)
    try:
        server.sql('''create type mood as enum ('sad', 'ok'); create schema sales;
          create table t (id int8, b bool, r real, d double precision, n numeric(20,4), tx text, ch char(4), da date, ts timestamp, tz timestamptz, ti time, iv interval, u uuid, m mood, a int[]);
          insert into t values (9007199254740993, true, 1.5, 0.1, -1234.5600, '安娜 "q"', 'c', '2024-02-29', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56+02', '01:02:03', '1 day',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'ok', '{1,2}'), (null, null, null, null, null, null, null, 'infinity', null, null, null, null, null, null, null),
            (-5, false, 'nan', 'inf', 100000, '', 'y', '1900-01-01', '1969-12-31 23:59:59', '1970-01-01 00:00+00', '00:00', null, null, 'sad', null);
          create table sales.orders as select g as id, g * 1.5::numeric(10,2) as amount from generate_series(1, 1000) g;''')
        address = 'postgresql://boss@/postgres'
        there = {'PGHOST': f'{folder}/pg', 'PGUSER': 'boss'}
        rows, _ = read(address, '--table', 't', environment=there)
        expect(rows[1], ['9007199254740993', 'true', '1.5', '0.1', '-1234.56', '安娜 "q"', 'c', '2024-02-29', '2024-02-29 12:34:56.789000', '2024-02-29 10:34:56', '01:02:03', '24:00:00',
                         'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'ok', '{1,2}'])
        expect(rows[2], [''] * 15)
        expect(rows[3][:5] + rows[3][6:11], ['-5', 'false', '', 'inf', '100000', 'y', '1900-01-01', '1969-12-31 23:59:59', '1970-01-01 00:00', '00:00:00'])
        expect(len(read(address, '--table', 'sales.orders', environment=there)[0]), 1001)
        expect(read(address, '--query', "select 1 as a, 'x' as a;", environment=there)[0], [['a', 'a 2'], ['1', 'x']])
        rows, said = read(address, '--query', "select i from (values (interval '1:30'), ('-2 days'), ('1 mon 3 days')) as v (i)", environment=there)
        expect(rows, [['i'], ['01:30:00'], ['-48:00:00'], ['1 months 3 days']])     # months have no length: the column is text
        assert 'several types' in said, said
        for words, word in [(['--query', 'selec'], 'syntax error'), ([], 'several tables'), (['--query', 'delete from t'], 'SELECT'), (['--table', 'nope'], 'sales.orders')]:
            assert word in cli('convert', address, *words, '--to', f'{folder}/n.csv', status=1, environment=there).stderr
        cli('import', 'postgresql://boss:hidden@/postgres', '--table', 't', '--project', f'{folder}/p.patron', environment=there)
        assert b'hidden' not in open(f'{folder}/p.patron', 'rb').read()
        expect(read(f'{folder}/p.patron:t')[0][1][0], '9007199254740993')
    finally:
        server.stop()


# ---- writing -----------------------------------------------------------------------------------------------------------------

def writing(folder):
    with open(f'{folder}/a.csv', 'w', encoding='utf-8') as file:
        file.write('name,cost\n=1+1,€2.50\né,€3.00\n')
    cli('convert', 'a.csv', '--to', 'b.csv', '--to-delimiter', 'semicolon', '--mark', 'yes', '--defuse-formulas', 'yes', '--cells', 'typed', cwd=folder)
    expect(open(f'{folder}/b.csv', 'rb').read(), "\ufeffname;cost\n'=1+1;€2.5\né;€3\n".encode())
    cli('convert', 'a.csv', '--to', 'c.csv', '--to-encoding', 'Windows-1252', '--cells', 'typed', cwd=folder)
    expect(open(f'{folder}/c.csv', 'rb').read(), 'name,cost\n=1+1,€2.5\né,€3\n'.encode('cp1252'))
    assert 'Latin' in cli('convert', 'a.csv', '--to', 'd.csv', '--to-encoding', 'Latin1', status=1, cwd=folder).stderr
    expect(sorted(os.listdir(folder)), ['a.csv', 'b.csv', 'c.csv'])
    cli('convert', 'a.csv', '--to', 'e.xlsx', cwd=folder)
    maker = openpyxl()
    sheet = maker.load_workbook(f'{folder}/e.xlsx').active
    expect([cell.value for cell in sheet['B']], ['cost', 2.5, 3])
    assert '€' in sheet['B2'].number_format


def main():
    tests = [workbook_values, workbook_layouts, workbook_merged_rows, workbook_dates_of_1904, workbook_cells, workbook_damage, json_records, sqlite_tables, sqlite_written, statistics_files,
             stata_by_pandas, folder_of_files, folder_of_pictures, postgres, writing]
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            with tempfile.TemporaryDirectory() as folder:
                test(folder)
            print(f'ok {number} {test.__name__}')
        except Skip as reason:
            print(f'ok {number} {test.__name__} # SKIP {reason}')
        except Exception as error:
            failed += 1
            print(f'not ok {number} {test.__name__}')
            print('# ' + f'{type(error).__name__}: {error}'.replace('\n', '\n# '))
    sys.exit(1 if failed else 0)


main()
