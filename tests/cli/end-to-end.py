#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as a user types it: what it prints, leaves behind and returns. Speaks TAP."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

CLI = os.path.abspath(sys.argv[1])


def orders(path, rows=600):
    draw = random.Random(5)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('order_id,order_date,customer_id,product,quantity,unit_price\n')
        for i in range(rows):
            customer = draw.randrange(60)
            product = (customer % 4) * 5 + draw.randrange(5)
            file.write(f'O{i // 2},2025-{1 + i * 11 // rows:02d}-{1 + draw.randrange(28):02d},C{customer:03d},P{product:02d},{1 + draw.randrange(3)},{2.5 + product}\n')


def cli(*words, status=0, cwd='.', **environment):
    result = subprocess.run([CLI, *words], capture_output=True, text=True, encoding='utf-8', cwd=cwd, timeout=100, env={**os.environ, **environment})
    assert result.returncode == status, f'{words}: exit status {result.returncode}, expected {status}: {result.stderr}'
    return result


def sentence(result):
    lines = [line for line in result.stderr.strip().split('\n') if line]
    assert len(lines) == 1, f'expected one sentence, found {lines}'
    return lines[0]


def run_writes_everything(folder):
    orders(f'{folder}/orders.csv')
    result = cli('run', 'rfm', 'orders.csv', '--project', 'p.patron', '--report', 'r.pdf', '--out', 'parts', '--to', 'customers.csv', '--json', cwd=folder)
    contract = json.loads(result.stdout)
    assert result.stderr == '', result.stderr
    assert contract['op'] == 'rfm' and contract['seed'] == 42 and contract['rows']['read'] == 600
    assert open(f'{folder}/r.pdf', 'rb').read(5) == b'%PDF-'
    assert any(name.endswith('.svg') for name in os.listdir(f'{folder}/parts'))
    assert sum(1 for _ in open(f'{folder}/customers.csv', encoding='utf-8')) == contract['figures']['n_customers'] + 1
    assert 'r.pdf' in contract['outputs'] and 'customers.csv' in contract['outputs']


def project_round(folder):
    orders(f'{folder}/orders.csv')
    cli('import', 'orders.csv', '--project', 'p.patron', cwd=folder)
    first = json.loads(cli('run', 'rfm', 'p.patron:orders', '--project', 'p.patron', '--json', cwd=folder).stdout)
    recipe = cli('recipe', 'p.patron', cwd=folder).stdout
    with open(f'{folder}/again.recipe', 'w', encoding='utf-8') as file:
        file.write(recipe)
    again = json.loads(cli('run', 'again.recipe', 'p.patron:orders', '--json', cwd=folder).stdout)
    assert first['figures'] == again['figures']
    assert 'sound' in cli('check', 'p.patron', cwd=folder).stdout
    for ending in ['pdf', 'html', 'xlsx', 'json']:
        cli('report', 'p.patron', '--to', f'report.{ending}', cwd=folder)
        assert os.path.getsize(f'{folder}/report.{ending}') > 1000


def sql_over_a_project(folder):
    orders(f'{folder}/orders.csv')
    cli('import', 'orders.csv', '--project', 'p.patron', cwd=folder)
    count = json.loads(cli('sql', 'p.patron', 'SELECT count(*) AS n FROM orders', '--json', cwd=folder).stdout)
    assert count['columns'] == [{'name': 'n', 'type': 'integer'}] and count['rows'] == [[600]] and not count['truncated']
    cli('sql', 'p.patron', 'SELECT * FROM orders LIMIT 5', '--to', 'five.csv', cwd=folder)
    assert sum(1 for _ in open(f'{folder}/five.csv', encoding='utf-8')) == 6
    assert cli('sql', 'p.patron', 'SELECT 1 AS x', cwd=folder).stdout == 'x\n1\n'
    assert 'read, never changed' in sentence(cli('sql', 'p.patron', 'DELETE FROM orders', status=1, cwd=folder))
    assert 'character 8' in sentence(cli('sql', 'p.patron', 'SELECT nope FROM orders', status=1, cwd=folder))


def history_branches(folder):
    orders(f'{folder}/orders.csv')
    cli('import', 'orders.csv', '--project', 'p.patron', cwd=folder)
    assert cli('history', 'p.patron', '--go-to', '0', cwd=folder).stdout.startswith('- 1\t0\t')
    cli('import', 'orders.csv', '--project', 'p.patron', '--name', 'again', cwd=folder)
    lines = cli('history', 'p.patron', cwd=folder).stdout.splitlines()
    assert [line[0] for line in lines] == ['-', '*'] and [line.split('\t')[1] for line in lines] == ['0', '0']


def model_scores_a_new_file(folder):
    draw = random.Random(2)
    for name, rows in (('train.csv', 400), ('new.csv', 50)):
        with open(f'{folder}/{name}', 'w', encoding='utf-8') as file:
            file.write('id,Visits,plan,churned\n' if name == 'train.csv' else 'id,visits,plan\n')
            for i in range(rows):
                visits, plan = draw.randrange(20), draw.choice(['a', 'b'] if name == 'train.csv' else ['a', 'new'])
                churned = 'Yes' if visits + draw.gauss(0, 3) < 7 else 'No'
                file.write(f'K{i},{visits},{plan}' + (f',{churned}\n' if name == 'train.csv' else '\n'))
    cli('run', 'random-forest', 'train.csv', '--target', 'churned', '--n-estimators', '20', '--save-model', 'm.model', cwd=folder)
    result = cli('score', 'm.model', 'new.csv', '--to', 'scores.csv', cwd=folder)
    assert '“visits” is taken for “Visits”' in result.stderr, result.stderr
    assert 'never seen' in result.stderr, result.stderr
    lines = open(f'{folder}/scores.csv', encoding='utf-8').read().split('\n')
    assert len(lines) == 52 and 'probability Yes' in lines[0], lines[0]
    with open(f'{folder}/poor.csv', 'w', encoding='utf-8') as file:
        file.write('id,plan\nK1,a\nK2,b\n')
    assert '“Visits”' in sentence_of_last(cli('score', 'm.model', 'poor.csv', '--to', 'no.csv', cwd=folder, status=1))
    assert not os.path.exists(f'{folder}/no.csv')


def sentence_of_last(result):
    return result.stderr.strip().split('\n')[-1]


def convert_round_trip(folder):
    orders(f'{folder}/orders.csv', 50)
    cli('convert', 'orders.csv', '--to', 'o.jsonl', cwd=folder)
    cli('convert', 'orders.csv', '--to', 'o.xlsx', cwd=folder)
    cli('convert', 'orders.csv', '--to', 'o.csv', cwd=folder)
    assert open(f'{folder}/o.csv', encoding='utf-8').read() == open(f'{folder}/orders.csv', encoding='utf-8').read()
    assert json.loads(open(f'{folder}/o.jsonl', encoding='utf-8').readline())['customer_id'].startswith('C')


def refusals(folder):
    orders(f'{folder}/orders.csv', 20)
    assert 'option' in sentence(cli('run', 'rfm', 'orders.csv', '--colour', 'red', status=2, cwd=folder)).lower()
    assert 'kmeans' in sentence(cli('run', 'kmean', 'orders.csv', status=1, cwd=folder))
    assert '“nobody”' in sentence_of_last(cli('run', 'rfm', 'orders.csv', '--customer', 'nobody', status=1, cwd=folder))
    assert 'groups' in sentence_of_last(cli('run', 'rfm', 'orders.csv', '--groups', '0', status=1, cwd=folder))
    assert 'missing.csv' in sentence(cli('run', 'rfm', 'missing.csv', status=1, cwd=folder))
    assert sorted(os.listdir(folder)) == ['orders.csv']


def failure_leaves_nothing(folder):
    orders(f'{folder}/orders.csv', 20)
    cli('run', 'rfm', 'orders.csv', '--filter', 'quantity > 100', '--project', 'p.patron', '--to', 't.csv', '--report', 'r.pdf', status=1, cwd=folder)
    assert sorted(os.listdir(folder)) == ['orders.csv'], os.listdir(folder)


def interrupt(folder):
    orders(f'{folder}/orders.csv', 400000)
    process = subprocess.Popen([CLI, 'run', 'random-forest', 'orders.csv', '--target', 'unit_price', '--n-estimators', '5000', '--to', 't.csv'],
                               cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130, process.returncode
    assert sorted(os.listdir(folder)) == ['orders.csv']


def help_speaks(folder):
    assert 'random-forest' in cli('ops').stdout
    text = cli('help', 'kmeans').stdout
    assert '--n-clusters' in text and 'default' in text
    assert 'patron-cli run' in cli('--help').stdout


def output_is_utf8(folder):
    with open(f'{folder}/客户.csv', 'w', encoding='utf-8') as file:
        file.write('姓名,金额\n张三,1\n李四,2\n')
    contract = cli('describe', '客户.csv', '--json', cwd=folder, LC_ALL='C', LANGUAGE='').stdout
    assert '姓名' in contract and '�' not in contract
    cli('import', '客户.csv', '--project', 'p.patron', '--name', 'people', cwd=folder)
    assert '张三' in cli('sql', 'p.patron', 'SELECT * FROM people', cwd=folder, LC_ALL='C').stdout


def lost_output_is_failure(folder):
    with open('/dev/full', 'w', encoding='utf-8') as full:
        result = subprocess.run([CLI, 'ops'], stdout=full, stderr=subprocess.PIPE, text=True, timeout=100)
    assert result.returncode == 1, result.returncode
    sentence(result)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, 'w') as closed:
        result = subprocess.run([CLI, 'ops'], stdout=closed, stderr=subprocess.PIPE, text=True, timeout=100)
    assert result.returncode == 1 and result.stderr == '', (result.returncode, result.stderr)


def writes_as_asked(folder):
    orders(f'{folder}/orders.csv')
    cli('run', 'sort', 'orders.csv', '--columns', 'order_id', '--to', 'sorted.csv', '--to-delimiter', ';', cwd=folder)
    with open(f'{folder}/sorted.csv', encoding='utf-8') as file:
        assert file.readline().startswith('order_id;order_date;')
    cli('ops', 'nonsense', '--json', status=1, cwd=folder)
    cli('ops', '--json=no', status=2, cwd=folder)
    assert '1 or more' in cli('run', 'sort', 'orders.csv', '--threads', '0', status=2, cwd=folder).stderr


TESTS = [output_is_utf8, lost_output_is_failure, writes_as_asked, run_writes_everything, project_round, sql_over_a_project, history_branches, model_scores_a_new_file, convert_round_trip, refusals, failure_leaves_nothing, interrupt, help_speaks]
print(f'1..{len(TESTS)}')
failed = False
for number, test in enumerate(TESTS, 1):
    with tempfile.TemporaryDirectory() as scratch:
        try:
            test(scratch)
            print(f'ok {number} {test.__name__}', flush=True)
        except Exception as problem:  # any failure is this test's failure
            failed = True
            print(f'# {type(problem).__name__}: {problem}'.replace('\n', '\n# '))
            print(f'not ok {number} {test.__name__}', flush=True)
sys.exit(1 if failed else 0)
