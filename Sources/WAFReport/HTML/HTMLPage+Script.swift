extension HTMLPage {
  /// The script of the page: it lets people sort tables by a column and filter their rows, and opens what is folded for a printer. It makes no markup
  /// of texts. It holds none of `<` and `&`, so that it is the same bytes for a parser of HTML and of XML.
  static let script: StaticString = """
    (function(){
    'use strict';
    var all=function(root,what){return Array.prototype.slice.call(root.querySelectorAll(what));};
    var key=function(row,column){
      var cell=row.children[column],value=cell.getAttribute('data-v');
      return value===null?cell.textContent.toLowerCase():Number(value);
    };
    var sort=function(table,head,column){
      var down=head.getAttribute('aria-sort')==='descending'?false:head.getAttribute('aria-sort')==='ascending'?true:head.classList.contains('n');
      all(table,'thead th').forEach(function(other){other.removeAttribute('aria-sort');});
      head.setAttribute('aria-sort',down?'descending':'ascending');
      var body=table.tBodies[0];
      var rows=all(body,'tr').map(function(row,place){return {row:row,key:key(row,column),place:place};});
      rows.sort(function(a,b){
        var order=typeof a.key===typeof b.key?(a.key===b.key?0:(a.key>b.key?1:-1)):(typeof a.key==='number'?1:-1);
        return order===0?a.place-b.place:(down?-order:order);
      });
      rows.forEach(function(entry){body.appendChild(entry.row);});
    };
    all(document,'table.data').forEach(function(table){
      all(table,'thead th').forEach(function(head,column){
        var button=document.createElement('button');
        button.type='button';
        button.textContent=head.textContent;
        head.textContent='';
        head.appendChild(button);
        button.addEventListener('click',function(){sort(table,head,column);});
      });
      if(!table.classList.contains('long'))return;
      var field=document.createElement('input');
      field.type='search';
      field.className='filter';
      field.placeholder='Filter rows';
      field.setAttribute('aria-label','Filter rows of: '+table.caption.textContent);
      field.addEventListener('input',function(){
        var wanted=field.value.toLowerCase();
        all(table.tBodies[0],'tr').forEach(function(row){row.hidden=row.textContent.toLowerCase().indexOf(wanted)===-1;});
      });
      table.parentNode.parentNode.insertBefore(field,table.parentNode);
    });
    var opened=[];
    window.addEventListener('beforeprint',function(){
      opened=all(document,'details:not([open]):not(.long)');
      opened.forEach(function(part){part.open=true;});
    });
    window.addEventListener('afterprint',function(){opened.forEach(function(part){part.open=false;});});
    })();
    """
}
